// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/**
 * Bounds that many batches share, so that few graphs serve all of them. A bound is at most a
 * quarter larger than what it was made for (and never below 64 tokens and 8 sequences); blocks
 * beyond what a batch really holds leave at once.
 *
 * @param tokens a bound of all sequences together
 * @param sequences a bound of their number
 */
public record SizeBucket(int tokens, int sequences) {
  private static final int SMALLEST_TOKENS = 64;
  private static final int SMALLEST_SEQUENCES = 8;
  private static final int LARGEST = 1 << 30;

  /** The smallest bucket that such a batch fits into. */
  public static SizeBucket of(int tokens, int sequences) {
    return new SizeBucket(bound(tokens, SMALLEST_TOKENS), bound(sequences, SMALLEST_SEQUENCES));
  }

  /** Four bounds from each power of two to the next. */
  private static int bound(int count, int smallest) {
    if (count < 1 || count > LARGEST) {
      throw new IllegalArgumentException("no batch has " + count + " tokens or sequences");
    }
    if (count <= smallest) {
      return smallest;
    }
    int step = Integer.highestOneBit(count - 1) / 4;
    return Math.ceilDiv(count, step) * step;
  }
}
