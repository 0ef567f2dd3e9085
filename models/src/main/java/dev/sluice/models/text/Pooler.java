// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;

/** Makes one vector of each row's token vectors. Stateless. */
public interface Pooler {
  /**
   * Pools a model's output.
   *
   * @param output FP32, FP16 or BF16: {@code [rows, width, H]}, or {@code [rows, H]} where the
   *     graph has pooled already
   * @param lengths how many tokens each row has; the rest of it, at its end, is padding that never
   *     counts
   * @return one vector of H per row, not normalised
   */
  float[][] pool(Tensor output, int[] lengths);

  /** Axes of the output that it pools. */
  default int rank() {
    return 3;
  }

  /** Whether outputs of that type can be read. */
  static boolean supports(DType type) {
    return FloatRows.supports(type);
  }

  static Pooler of(Pooling pooling) {
    return switch (pooling) {
      case MEAN -> new MeanPooler();
      case CLS -> (output, lengths) -> pick(output, lengths, 0);
      case LAST_TOKEN -> (output, lengths) -> pick(output, lengths, -1);
      case NONE -> new PooledAlready();
    };
  }

  /** Takes one token of each row; a negative place counts from the row's end. */
  private static float[][] pick(Tensor output, int[] lengths, int place) {
    FloatRows tokens = FloatRows.of(output);
    int width = Math.toIntExact(output.dim(1));
    float[][] picked = new float[lengths.length][Math.toIntExact(output.dim(2))];
    for (int row = 0; row < lengths.length; row++) {
      int token = place < 0 ? lengths[row] + place : place;
      tokens.read(row * width + token, picked[row]);
    }
    return picked;
  }
}
