// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Chooses what the next batch is made of: by urgency, as a rule.
 *
 * <p>Nothing starves: once the oldest call has waited longer than the ageing time, every {@value
 * #AGED_TURN}th batch is formed by arrival instead, and so holds an item of that call. The others
 * keep to the order of urgency, so that an overload does not turn every class into the same queue.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class BatchFormer<T, R> {
  static final int AGED_TURN = 4;

  /** How many items that do not fit one batch looks past. */
  static final int LOOK_AHEAD = 64;

  private final BatchLimits limits;
  private final long ageingNanos;
  private int sinceAged;

  BatchFormer(BatchLimits limits, long ageingNanos) {
    this.limits = limits;
    this.ageingNanos = ageingNanos;
  }

  /** What a batch formed now would hold; nothing only if nothing waits. Changes nothing. */
  BatchPlan<T, R> plan(WaitingQueue<T, R> queue, long nowNanos) {
    BatchPlan<T, R> plan = new BatchPlan<>(limits, LOOK_AHEAD);
    if (isAgedTurn(queue, nowNanos)) {
      queue.visitByArrival(plan);
    } else {
      queue.visitByUrgency(plan);
    }
    return plan;
  }

  /** The plan that was just made, from this queue and at this moment, is being launched. */
  void launching(WaitingQueue<T, R> queue, long nowNanos) {
    sinceAged = isAgedTurn(queue, nowNanos) ? 0 : Math.min(sinceAged + 1, AGED_TURN);
  }

  private boolean isAgedTurn(WaitingQueue<T, R> queue, long nowNanos) {
    PendingCall<T, R> oldest = queue.oldest();
    return sinceAged >= AGED_TURN - 1
        && oldest != null
        && oldest.waitedNanos(nowNanos) >= ageingNanos;
  }
}
