// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What waits: who may join, what leaves next, when somebody has to look again.
 *
 * <p>Guarded by the lock of its {@link BatchCore}, except {@link #tooLarge}, which reads only what
 * never changes.
 */
final class Backlog<T, R> {
  private final WaitingQueue<T, R> queue = new WaitingQueue<>();
  private final BatchFormer<T, R> former;
  private final AdmissionBudget budget;
  private final DrainRate drainRate = new DrainRate();
  private final long lingerNanos;

  Backlog(BatchLimits batch, QueueLimits waiting, long ageingNanos) {
    this.former = new BatchFormer<>(batch, ageingNanos);
    this.budget = new AdmissionBudget(batch, waiting);
    this.lingerNanos = TimeUnit.NANOSECONDS.convert(batch.linger());
  }

  /** Why the call can never be admitted; null if it can. */
  Failure.@Nullable TooLarge tooLarge(Call<T> call, Cost cost) {
    return budget.tooLarge(call, cost);
  }

  /** Why there is no room for {@code cost} now; null if there is. */
  Failure.@Nullable QueueFull full(Cost cost, long now) {
    AdmissionBudget.Shortage shortage = budget.shortage(cost);
    return shortage == null
        ? null
        : new Failure.QueueFull(shortage.limit(), drainRate.waitNanos(now, shortage.rowsToDrain()));
  }

  void add(PendingCall<T, R> call) {
    budget.reserve(call.waitingCost());
    queue.add(call);
  }

  /** Takes out what still waits of the call, if anything, and gives its cost back. */
  void drop(PendingCall<T, R> call) {
    budget.release(call.waitingCost());
    queue.remove(call);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  int calls() {
    return queue.size();
  }

  Cost cost() {
    return budget.waiting();
  }

  @Nullable PendingCall<T, R> oldest() {
    return queue.oldest();
  }

  /** A call whose deadline has come. */
  @Nullable PendingCall<T, R> expired(long now) {
    PendingCall<T, R> earliest = queue.earliest();
    return earliest != null && earliest.nanosLeft(now) <= 0 ? earliest : null;
  }

  /**
   * Launches the next batch; null when none is due.
   *
   * @param mayLinger whether a batch that is not full may wait at all
   */
  @Nullable FormedBatch<T, R> launch(long now, boolean mayLinger) {
    if (queue.isEmpty()) {
      return null;
    }
    BatchPlan<T, R> plan = former.plan(queue, now);
    if (!plan.full() && mayLinger && lingerNanosLeft(now) > 0) {
      return null;
    }
    FormedBatch<T, R> batch = new FormedBatch<>(List.copyOf(plan.members()), plan.rows());
    former.launching(queue, now);
    for (BatchItem<T, R> member : batch.members()) {
      PendingCall<T, R> call = member.call();
      Cost cost = Cost.of(member.item());
      call.launch(member.index(), cost, now);
      budget.release(cost);
      if (!call.hasWaiting()) {
        queue.remove(call);
      }
    }
    drainRate.launched(now, batch.rows());
    return batch;
  }

  /** How long until a call expires or a linger ends; {@link Long#MAX_VALUE} for never. */
  long nanosUntilDue(long now, boolean mayLinger) {
    PendingCall<T, R> earliest = queue.earliest();
    if (earliest == null) {
      return Long.MAX_VALUE;
    }
    long linger = mayLinger ? lingerNanosLeft(now) : 0;
    long deadline = earliest.nanosLeft(now);
    return linger > 0 ? Math.min(linger, deadline) : deadline;
  }

  /** A deadline that would come before the end of the linger ends it at once. */
  private long lingerNanosLeft(long now) {
    PendingCall<T, R> oldest = queue.oldest();
    PendingCall<T, R> earliest = queue.earliest();
    if (lingerNanos == 0 || oldest == null || earliest == null) {
      return 0;
    }
    long left = lingerNanos - oldest.waitedNanos(now);
    return earliest.nanosLeft(now) <= left ? 0 : left;
  }
}
