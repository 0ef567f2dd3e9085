// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What items cost while they wait.
 *
 * @param tokens the sum of rows times tokens
 */
record Cost(long rows, long tokens, long bytes) {
  static final Cost NOTHING = new Cost(0, 0, 0);

  static Cost of(Item<?> item) {
    return new Cost(item.rows(), (long) item.rows() * item.tokens(), item.bytes());
  }

  /** The sum, every part of which stops at {@link Long#MAX_VALUE} rather than overflow. */
  static <T> Cost of(Call<T> call) {
    long rows = 0;
    long tokens = 0;
    long bytes = 0;
    for (Item<T> item : call.items()) {
      Cost cost = of(item);
      rows = add(rows, cost.rows);
      tokens = add(tokens, cost.tokens);
      bytes = add(bytes, cost.bytes);
    }
    return new Cost(rows, tokens, bytes);
  }

  Cost plus(Cost other) {
    return new Cost(rows + other.rows, tokens + other.tokens, bytes + other.bytes);
  }

  Cost minus(Cost other) {
    return new Cost(rows - other.rows, tokens - other.tokens, bytes - other.bytes);
  }

  private static long add(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
