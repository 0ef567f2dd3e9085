// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

/**
 * The largest batch of a lane, for which it takes its memory.
 *
 * @param tokens of all sequences together
 * @param sequences at most as many as tokens
 */
public record LaneBounds(int tokens, int sequences) {
  /** Tiles of 64 rows are counted in 16 bits. */
  private static final int MOST_TOKENS = 1 << 21;

  public LaneBounds {
    if (sequences < 1 || tokens < sequences || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "a lane takes 1 to %d tokens in at most as many sequences, not %d in %d"
              .formatted(MOST_TOKENS, tokens, sequences));
    }
  }

  void check(int batchTokens, int batchSequences) {
    if (batchTokens > tokens || batchSequences > sequences) {
      throw new IllegalArgumentException(
          "a batch of %d tokens in %d sequences is beyond the lane's %d tokens in %d sequences"
              .formatted(batchTokens, batchSequences, tokens, sequences));
    }
  }
}
