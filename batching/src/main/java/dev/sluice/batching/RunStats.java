// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;

/**
 * What a run was like.
 *
 * @param tokens the sum of rows times tokens
 * @param paddedTokens rows times the length that the longest item is padded to; where the engine
 *     packs, the sum
 */
record RunStats(int rows, long tokens, long paddedTokens, long computeNanos) {
  /** Of what was never run. */
  static final RunStats NONE = new RunStats(0, 0, 0, 0);

  static <T, R> RunStats of(List<BatchItem<T, R>> batch, BatchLimits limits, long computeNanos) {
    int rows = 0;
    long tokens = 0;
    int longest = 0;
    long packed = 0;
    for (BatchItem<T, R> member : batch) {
      Item<T> item = member.item();
      rows += item.rows();
      tokens += item.totalTokens();
      longest = Math.max(longest, item.tokens());
      packed += (long) item.rows() * limits.padded(item.tokens());
    }
    return new RunStats(
        rows, tokens, limits.paddedTokens(rows, limits.padded(longest), packed), computeNanos);
  }
}
