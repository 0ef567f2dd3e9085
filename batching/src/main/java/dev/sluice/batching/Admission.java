// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call may join what waits: there must be room, which calls of the sheddable classes make
 * for the critical ones; the queue must not stand; and the call must be able to make its deadline.
 *
 * <p>Guarded by the lock of its {@link BatchCore}, except {@link #tooLarge}, which reads only what
 * never changes.
 */
final class Admission<T, R> {
  private final Budget budget;
  private final OverloadGate gate;
  private final Forecast forecast;
  private final WaitingQueue<T, R> queue;
  private final DrainRate drainRate = new DrainRate();

  Admission(Budget budget, OverloadGate gate, Forecast forecast, WaitingQueue<T, R> queue) {
    this.budget = budget;
    this.gate = gate;
    this.forecast = forecast;
    this.queue = queue;
  }

  /** Why the call can never be admitted; null if it can. */
  Failure.@Nullable TooLarge tooLarge(Call<T> call, Amount cost) {
    return budget.tooLarge(call, cost);
  }

  /**
   * Why the call is not admitted now; null if it is.
   *
   * @param dueKey its deadline, as {@link PendingCall#key} gives it
   * @param shed takes a call that has to make room out of the queue
   */
  @Nullable Failure refusal(
      Call<T> call, Amount cost, long dueKey, long now, Consumer<PendingCall<T, R>> shed) {
    Failure late = lateness(call, cost, dueKey, now);
    return late != null ? late : shortage(call, cost, now, shed);
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

  private @Nullable Failure shortage(
      Call<T> call, Amount cost, long now, Consumer<PendingCall<T, R>> shed) {
    Budget.Shortage shortage = missing(call, cost, queue.waiting());
    if (shortage != null && maySucceed(call, cost)) {
      for (PendingCall<T, R> victim = victim();
          shortage != null && victim != null;
          victim = victim()) {
        shed.accept(victim);
        shortage = missing(call, cost, queue.waiting());
      }
    }
    if (shortage == null) {
      return null;
    }
    long rows = (long) Math.ceil(shortage.share() * queue.waiting().rows());
    return new Failure.QueueFull(shortage.limit(), drainRate.waitNanos(now, rows));
  }

  private Budget.@Nullable Shortage missing(Call<T> call, Amount cost, Amount waiting) {
    return budget.shortage(call, cost, waiting, queue.ofTenant(call));
  }

  /** Whether the call may push others out, and would fit once all of those were gone. */
  private boolean maySucceed(Call<T> call, Amount cost) {
    if (call.criticality().compareTo(Criticality.CRITICAL) > 0 || victim() == null) {
      return false;
    }
    Amount rest = new Amount();
    RankQueue<T, R> rank = queue.rank(0);
    while (rank != null && rank.number < firstSheddable()) {
      rest.add(rank.waiting);
      rank = queue.rank(rank.number + 1);
    }
    return missing(call, cost, rest) == null;
  }

  /** Who has to make room next: of the least critical the least urgent, unless it has begun. */
  private @Nullable PendingCall<T, R> victim() {
    RankQueue<T, R> rank = queue.lastRank(firstSheddable());
    if (rank == null) {
      return null;
    }
    PendingCall<T, R> last = rank.active().getLast().calls.last();
    return last.allWaiting() ? last : null;
  }

  private static int firstSheddable() {
    return WaitingQueue.firstRank(Criticality.SHEDDABLE_PLUS);
  }
}
