// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.Precision;

/**
 * How fast an encoder is on one kind of batch.
 *
 * @param lengths of its sequences, in words
 * @param share of the matrix units' ceiling
 * @param ofIdeal for mixed lengths: the time over what the same tokens take among sequences of
 *     their own length, without any padding; NaN for one length
 */
public record EncoderTiming(
    String model,
    Precision precision,
    String lengths,
    int tokens,
    int sequences,
    Timing timing,
    double share,
    double ofIdeal) {

  public double tokensPerSecond() {
    return 1e3 * tokens / timing.millis();
  }

  public double sequencesPerSecond() {
    return 1e3 * sequences / timing.millis();
  }

  /** Seconds that matrix units at their ceiling need. */
  static double idealSeconds(
      EncoderDims dims, Precision precision, int[] lengths, Ceilings ceilings) {
    double hidden = dims.hidden();
    double products = 2 * dims.layers() * hidden * (4 * hidden + 2.0 * dims.feedForward());
    double attention = 4 * dims.layers() * hidden;
    double rate = precision == Precision.INT8 ? ceilings.bytes() : ceilings.halves();
    double seconds = 0;
    for (int length : lengths) {
      // Attention stays in halves.
      seconds += length * (attention * length / ceilings.halves() + products / rate);
    }
    return seconds;
  }
}
