// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.EncoderDims;

/**
 * Somebody else's encoder of the same sizes on the same card, FP16, batches padded to their longest
 * sequence: measured in turns with Sluice's. For one thread.
 */
public interface Rival {
  /** For people. */
  String name();

  /**
   * Begins. Called first, and once.
   *
   * @return what it is, in words
   * @throws RivalException saying why it cannot be compared with
   */
  String open(EncoderDims dims) throws RivalException;

  /**
   * Takes up a batch and warms up on it.
   *
   * @param batch its name, without blanks
   * @param lengths of its sequences
   */
  void prepare(String batch, int[] lengths) throws RivalException;

  /**
   * Milliseconds that the card computes for so many runs of a batch that was prepared; nothing of
   * it is under way when this returns.
   */
  double millis(String batch, int repeats) throws RivalException;
}
