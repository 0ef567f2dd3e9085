// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * The plan of the next batch, made while every lane is busy and a full batch waits, so that the
 * lane that comes free first finds it made. One at most.
 *
 * <p>A plan binds nobody: its items wait on, may be cancelled, expire or go elsewhere, and what
 * arrives and is more urgent than its head puts an end to it. It counts only if, at the moment of
 * launch, it is what would be planned then, but for what of lower urgency has come since.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class PlanAhead<T, R> {
  private final WaitingQueue<T, R> queue;
  private final BatchFormer<T, R> former;
  private final Forecast forecast;
  private final BatchLimits limits;

  private @Nullable BatchPlan<T, R> plan;
  private boolean aged;

  /** Before so much waits no plan is made; grows with each that came to nothing. */
  private long worthwhileRows;

  PlanAhead(
      WaitingQueue<T, R> queue, BatchFormer<T, R> former, Forecast forecast, BatchLimits limits) {
    this.queue = queue;
    this.former = former;
    this.forecast = forecast;
    this.limits = limits;
    this.worthwhileRows = limits.maxRows();
  }

  /** A call has joined the queue while no lane was idle. */
  void joined(PendingCall<T, R> call, long now) {
    if (plan != null && call.goesBefore(plan.members().getFirst().call())) {
      plan = null;
    }
    if (plan == null && queue.waiting().rows() >= worthwhileRows) {
      BatchPlan<T, R> made = former.plan(queue, now);
      aged = former.isAgedTurn(queue, now);
      plan = made.isFull() && made.late().isEmpty() ? made : null;
      worthwhileRows = queue.waiting().rows() + limits.maxRows();
    }
  }

  /** An order has changed. */
  void forget() {
    plan = null;
  }

  /** The plan, if it still holds; null otherwise. There is none afterwards. */
  @Nullable BatchPlan<T, R> take(long now) {
    BatchPlan<T, R> made = plan;
    plan = null;
    worthwhileRows = limits.maxRows();
    return made != null && stillHolds(made, now) ? made : null;
  }

  private boolean stillHolds(BatchPlan<T, R> made, long now) {
    if (aged != former.isAgedTurn(queue, now)) {
      return false;
    }
    for (BatchItem<T, R> member : made.members()) {
      PendingCall<T, R> call = member.call();
      if (!call.isWaiting(member.index()) || forecast.isLate(call.nanosLeft(now), member.item())) {
        return false;
      }
    }
    long left = made.members().getFirst().call().nanosLeft(now);
    return left == Long.MAX_VALUE
        || !forecast.known()
        || forecast.nanos(made.rows(), (double) made.paddedTokens()) <= left;
  }
}
