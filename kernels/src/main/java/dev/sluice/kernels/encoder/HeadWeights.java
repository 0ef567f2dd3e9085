// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.launch.Head.Activation;

/**
 * What makes labels of a sequence's first token: {@code labels(activation(dense(x)))}, in host
 * memory.
 *
 * @param dense {@code [hidden, hidden]}
 * @param labels {@code [labels, hidden]}
 */
public record HeadWeights(
    EncoderWeights.Linear dense, Activation activation, EncoderWeights.Linear labels) {

  /** How many numbers it gives of a sequence. */
  public int count() {
    return labels.bias().remaining();
  }
}
