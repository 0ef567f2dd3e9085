// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;

/**
 * What a run was like.
 *
 * @param tokens the sum of rows times tokens
 * @param paddedTokens rows times the longest item
 */
record RunStats(int rows, long tokens, long paddedTokens, long computeNanos) {
  /** Of what was never run. */
  static final RunStats NONE = new RunStats(0, 0, 0, 0);

  static <T, R> RunStats of(List<BatchItem<T, R>> batch, long computeNanos) {
    int rows = 0;
    long tokens = 0;
    long longest = 0;
    for (BatchItem<T, R> member : batch) {
      Item<T> item = member.item();
      rows += item.rows();
      tokens += (long) item.rows() * item.tokens();
      longest = Math.max(longest, item.tokens());
    }
    return new RunStats(rows, tokens, rows * longest, computeNanos);
  }
}
