// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.Arena;
import dev.sluice.kernels.launch.Embed;
import java.util.List;

/** Where an encoder's weights lie on the card. */
record PlacedWeights(
    Embed.Table words, Embed.Table positions, Embed.Table types, Norm norm, List<Layer> layers) {

  record Norm(long gain, long shift) {}

  /**
   * @param scales of output channels; 0 where weights are halves
   * @param factors by which what they meet is multiplied before it is quantized; 0: by none
   */
  record Linear(long weight, long scales, long factors, long bias, int n, int k) {
    boolean inBytes() {
      return scales != 0;
    }
  }

  record Layer(
      Linear qkv, Linear attended, Norm attentionNorm, Linear up, Linear down, Norm outputNorm) {}

  /** What they take, in an {@link Arena}. */
  static long bytes(EncoderDims dims, Precision precision) {
    long hidden = dims.hidden();
    long wide = dims.feedForward();
    long norm = 2 * Arena.sizeOf(hidden * Float.BYTES);
    long layer =
        linear(3 * hidden, hidden, precision)
            + linear(hidden, hidden, precision)
            + linear(wide, hidden, precision)
            + linear(hidden, wide, precision)
            + (precision == Precision.INT8 ? 2 * Arena.sizeOf(hidden * Float.BYTES) : 0)
            + 2 * norm;
    return table(dims.words(), hidden)
        + table(dims.positions(), hidden)
        + table(dims.types(), hidden)
        + norm
        + dims.layers() * layer;
  }

  private static long table(long rows, long columns) {
    return Arena.sizeOf(rows * columns * Short.BYTES);
  }

  static long linear(long n, long k, Precision precision) {
    long bias = Arena.sizeOf(n * Float.BYTES);
    return switch (precision) {
      case FP16 -> Arena.sizeOf(n * k * Short.BYTES) + bias;
      case INT8 -> Arena.sizeOf(n * k) + 2 * bias;
    };
  }
}
