// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call may join what waits: there must be room, which calls of the sheddable classes make
 * for the critical ones; the queue must not stand; and the call must be able to make its deadline.
 *
 * <p>Guarded by the lock of its {@link BatchCore}, except {@link #tooLarge}, which reads only what
 * never changes.
 */
final class Admission<T, R> {
  private final Bounds bounds;
  private final OverloadGate gate;
  private final Forecast forecast;
  private final WaitingQueue<T, R> queue;
  private final Displacement<T, R> displacement;
  private final DrainRate drainRate = new DrainRate();

  Admission(Bounds bounds, OverloadGate gate, Forecast forecast, WaitingQueue<T, R> queue) {
    this.bounds = bounds;
    this.gate = gate;
    this.forecast = forecast;
    this.queue = queue;
    this.displacement = new Displacement<>(bounds, queue);
  }

  /** Why the call can never be admitted; null if it can. */
  Failure.@Nullable TooLarge tooLarge(Call<T> call, Amount cost) {
    return bounds.tooLarge(call, cost);
  }

  /**
   * Whether the call is admitted now.
   *
   * @param dueKey its deadline, as {@link PendingCall#key} gives it
   */
  Verdict<T, R> judge(Call<T> call, Amount cost, long dueKey, long now) {
    Failure late = lateness(call, cost, dueKey, now);
    return late != null ? Verdict.refused(late) : room(call, cost, now);
  }

  /** A batch of so many rows has left the queue. */
  void launched(long now, long rows) {
    drainRate.launched(now, rows);
    if (!gate.isOff()) {
      Amount waiting = queue.waiting();
      long wait = forecast.waitNanos(now, (double) waiting.rows(), (double) waiting.tokens());
      gate.observe(now, wait, queue.isEmpty());
    }
  }

  private @Nullable Failure lateness(Call<T> call, Amount cost, long dueKey, long now) {
    boolean dated = call.deadlineNanos() != Call.NO_DEADLINE;
    if (!forecast.known() || (!dated && gate.isOff())) {
      return null;
    }
    Ahead ahead = queue.aheadOf(call, dueKey, forecast.tokensOfFullBatch());
    long wait = forecast.waitNanos(now, ahead.rows(), ahead.tokens());
    long excess = gate.excessNanos(call.criticality(), wait);
    if (excess > 0) {
      return new Failure.Shed(DrainRate.bounded(excess));
    }
    if (!dated) {
      return null;
    }
    Item<T> last = call.items().getLast();
    double rows = ahead.rows() + cost.rows() - last.rows();
    double tokens = ahead.tokens() + cost.tokens() - last.totalTokens();
    double start = forecast.goodDay() * forecast.waitNanos(now, rows, tokens);
    double late = start + forecast.atLeastNanos(last) - (call.deadlineNanos() - now);
    return late > 0 ? new Failure.WouldBeLate(DrainRate.bounded((long) late)) : null;
  }

  private Verdict<T, R> room(Call<T> call, Amount cost, long now) {
    Bounds.Shortage shortage = bounds.shortage(call, cost, queue.waiting());
    if (shortage == null) {
      shortage = bounds.shortageOfTenant(cost, queue.tenantOf(call).waiting);
    }
    if (shortage == null) {
      return Verdict.admitted();
    }
    List<PendingCall<T, R>> victims = displacement.victims(call, cost);
    if (!victims.isEmpty()) {
      return new Verdict<>(null, victims);
    }
    long rows = (long) Math.ceil(shortage.share() * queue.waiting().rows());
    return Verdict.refused(new Failure.QueueFull(shortage.limit(), drainRate.waitNanos(now, rows)));
  }

  /**
   * @param refusal why the call is not admitted; null if it is
   * @param victims who has to make room for it first
   */
  record Verdict<T, R>(@Nullable Failure refusal, List<PendingCall<T, R>> victims) {
    private static final Verdict<?, ?> ADMITTED = new Verdict<>(null, List.of());

    @SuppressWarnings("unchecked") // it holds nothing of either type
    static <T, R> Verdict<T, R> admitted() {
      return (Verdict<T, R>) ADMITTED;
    }

    static <T, R> Verdict<T, R> refused(Failure why) {
      return new Verdict<>(why, List.of());
    }
  }
}
