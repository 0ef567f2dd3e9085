// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

/**
 * Somebody else's encoder of the same sizes on the same card, FP16, batches padded to their longest
 * sequence: measured in turns with Sluice's. For one thread.
 */
public interface Contestant {
  /** Of an encoder. */
  record Sizes(int layers, int hidden, int heads, int feedForward, int words, int positions) {}

  /** For people. */
  String name();

  /**
   * Begins. Called first, and once.
   *
   * @return what it is, in words
   * @throws ContestantException saying why it cannot be compared with
   */
  String open(Sizes sizes) throws ContestantException;

  /**
   * Takes up a batch and warms up on it.
   *
   * @param batch its name, without blanks
   * @param lengths of its sequences
   */
  void prepare(String batch, int[] lengths) throws ContestantException;

  /**
   * Milliseconds that the card computes for so many runs of a batch that was prepared; nothing of
   * it is under way when this returns.
   */
  double millis(String batch, int repeats) throws ContestantException;
}
