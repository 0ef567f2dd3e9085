// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * How much waits, held against {@link QueueLimits}. A call reserves all of its cost at once; every
 * item gives its part back when it is launched or dropped.
 *
 * <p>A call that exceeds a limit of the queue by itself is too large: it is refused even when
 * nothing waits, since the limits exist to bound memory, and trying again would never help.
 *
 * <p>Guarded by the lock of its {@link BatchCore}, except {@link #tooLarge}, which reads only what
 * never changes.
 */
final class AdmissionBudget {
  private final BatchLimits batch;
  private final QueueLimits queue;
  private Cost waiting = Cost.NOTHING;

  AdmissionBudget(BatchLimits batch, QueueLimits queue) {
    this.batch = batch;
    this.queue = queue;
  }

  /** Why the call, which costs {@code cost}, can never be admitted, if so. */
  <T> Failure.@Nullable TooLarge tooLarge(Call<T> call, Cost cost) {
    for (Item<T> item : call.items()) {
      Cost one = Cost.of(item);
      if (one.rows() > batch.maxRows()) {
        return new Failure.TooLarge(Budget.BATCH_ROWS, one.rows(), batch.maxRows());
      }
      if (one.tokens() > batch.maxTokens()) {
        return new Failure.TooLarge(Budget.BATCH_TOKENS, one.tokens(), batch.maxTokens());
      }
    }
    if (exceeds(cost.rows(), queue.maxRows())) {
      return new Failure.TooLarge(Budget.WAITING_ROWS, cost.rows(), queue.maxRows());
    }
    if (exceeds(cost.tokens(), queue.maxTokens())) {
      return new Failure.TooLarge(Budget.WAITING_TOKENS, cost.tokens(), queue.maxTokens());
    }
    if (exceeds(cost.bytes(), queue.maxBytes())) {
      return new Failure.TooLarge(Budget.WAITING_BYTES, cost.bytes(), queue.maxBytes());
    }
    return null;
  }

  /** What stands in the way of admitting {@code cost} now; null when nothing does. */
  @Nullable Shortage shortage(Cost cost) {
    if (cost.rows() > queue.maxRows() - waiting.rows()) {
      return shortage(Budget.WAITING_ROWS, cost.rows(), queue.maxRows(), waiting.rows());
    }
    if (cost.tokens() > queue.maxTokens() - waiting.tokens()) {
      return shortage(Budget.WAITING_TOKENS, cost.tokens(), queue.maxTokens(), waiting.tokens());
    }
    if (cost.bytes() > queue.maxBytes() - waiting.bytes()) {
      return shortage(Budget.WAITING_BYTES, cost.bytes(), queue.maxBytes(), waiting.bytes());
    }
    return null;
  }

  void reserve(Cost cost) {
    waiting = waiting.plus(cost);
  }

  void release(Cost cost) {
    waiting = waiting.minus(cost);
  }

  Cost waiting() {
    return waiting;
  }

  private Shortage shortage(Budget limit, long asked, long allowed, long used) {
    double share = ((double) asked - (allowed - used)) / used;
    return new Shortage(limit, (long) Math.ceil(share * waiting.rows()));
  }

  /** A sum that stopped at the largest number may be larger still. */
  private static boolean exceeds(long asked, long allowed) {
    return asked > allowed || asked == Long.MAX_VALUE;
  }

  /**
   * @param rowsToDrain about how many of the waiting rows have to leave before the call fits
   */
  record Shortage(Budget limit, long rowsToDrain) {}
}
