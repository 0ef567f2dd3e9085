// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.launch.Pool.Pooling;

/** What a lane gives. */
public sealed interface EncoderOutput {
  /**
   * One vector per sequence.
   *
   * @param normalize to length 1, after the cut
   * @param dims leading components that are kept
   */
  record Vectors(Pooling pooling, boolean normalize, int dims) implements EncoderOutput {}

  /** What a head makes of each sequence's first token, as floats. */
  record Labels(DeviceHead head) implements EncoderOutput {}

  /** One vector per token, as the last block made it. */
  record Tokens() implements EncoderOutput {}

  /** Components of a row. */
  default int width(EncoderDims of) {
    return switch (this) {
      case Vectors vectors -> vectors.dims;
      case Labels labels -> labels.head.count();
      case Tokens tokens -> of.hidden();
    };
  }
}
