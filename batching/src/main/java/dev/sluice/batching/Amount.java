// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What items cost while they wait. A running sum, so that counting makes no garbage.
 *
 * <p>Guarded by the lock of its {@link BatchCore}, or owned by one thread.
 */
final class Amount {
  private long rows;
  private long tokens;
  private long bytes;

  /** The sum of a call, every part of which stops at {@link Long#MAX_VALUE}, not to overflow. */
  static Amount of(Call<?> call) {
    Amount sum = new Amount();
    for (Item<?> item : call.items()) {
      sum.rows = capped(sum.rows, item.rows());
      sum.tokens = capped(sum.tokens, item.totalTokens());
      sum.bytes = capped(sum.bytes, item.bytes());
    }
    return sum;
  }

  long rows() {
    return rows;
  }

  /** The sum of rows times tokens. */
  long tokens() {
    return tokens;
  }

  long bytes() {
    return bytes;
  }

  void add(Amount other) {
    rows += other.rows;
    tokens += other.tokens;
    bytes += other.bytes;
  }

  void remove(Amount other) {
    rows -= other.rows;
    tokens -= other.tokens;
    bytes -= other.bytes;
  }

  void remove(Item<?> item) {
    rows -= item.rows();
    tokens -= item.totalTokens();
    bytes -= item.bytes();
  }

  void clear() {
    rows = 0;
    tokens = 0;
    bytes = 0;
  }

  private static long capped(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
