// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * What waits: who may join, what leaves next, when somebody has to look again.
 *
 * <p>Guarded by the lock of its {@link BatchCore}, except {@link #tooLarge}, which reads only what
 * never changes.
 */
final class Backlog<T, R> {
  private final WaitingQueue<T, R> queue;
  private final Admission<T, R> admission;
  private final BatchFormer<T, R> former;
  private final Forecast forecast;
  private final @Nullable PlanAhead<T, R> ahead;
  private final Linger<T, R> linger;

  Backlog(BatcherSettings settings, int lanes) {
    BatchLimits limits = settings.batch();
    forecast = new Forecast(limits, lanes);
    queue = new WaitingQueue<>(settings.tenants());
    Bounds bounds = new Bounds(limits, settings.queue(), settings.tenants());
    OverloadGate gate = new OverloadGate(settings.targetWaitNanos());
    admission = new Admission<>(bounds, gate, forecast, queue);
    former = new BatchFormer<>(limits, settings.selection(), forecast, settings.ageingNanos());
    ahead = settings.formsEarly() ? new PlanAhead<>(queue, former, forecast, limits) : null;
    linger = new Linger<>(limits, queue);
  }

  /** Why the call can never be admitted; null if it can. */
  Failure.@Nullable TooLarge tooLarge(Call<T> call, Amount cost) {
    return admission.tooLarge(call, cost);
  }

  /**
   * Whether the call is admitted now.
   *
   * @param dueKey its deadline, as {@link PendingCall#key} gives it
   */
  Admission.Verdict<T, R> judge(Call<T> call, Amount cost, long dueKey, long now) {
    forecast.at(now);
    return admission.judge(call, cost, dueKey, now);
  }

  /** If this throws, the call does not wait. */
  void add(PendingCall<T, R> call) {
    queue.add(call);
  }

  /**
   * What the call that was just added changes for the next batch.
   *
   * @param lanesBusy whether nobody could launch it now
   */
  void joined(PendingCall<T, R> call, boolean lanesBusy, long now) {
    linger.joined(call);
    if (ahead != null && lanesBusy) {
      ahead.joined(call, now);
    }
  }

  /** Takes out what still waits of the call, if anything, and gives its cost back. */
  void drop(PendingCall<T, R> call, long now) {
    queue.remove(call, now);
    linger.left(call);
  }

  int calls() {
    return queue.size();
  }

  int entries() {
    return queue.entries();
  }

  Amount waiting() {
    return queue.waiting();
  }

  @Nullable PendingCall<T, R> oldest() {
    return queue.oldest();
  }

  /** A call whose deadline has come. */
  @Nullable PendingCall<T, R> expired(long now) {
    PendingCall<T, R> earliest = queue.deadlines().first();
    return earliest != null && earliest.nanosLeft(now) <= 0 ? earliest : null;
  }

  /** Puts those whose time has come behind their level. */
  void demote(long now) {
    PendingCall<T, R> next = queue.demotions().first();
    while (next != null && next.nanosToDemotion(now) <= 0) {
      queue.demote(next);
      linger.end();
      if (ahead != null) {
        ahead.forget();
      }
      next = queue.demotions().first();
    }
  }

  /**
   * The batch to launch now; one without members when none is due.
   *
   * @param mayLinger whether a batch that is not full may wait at all
   */
  BatchPlan<T, R> plan(long now, boolean mayLinger) {
    if (queue.isEmpty()) {
      return BatchPlan.nothing();
    }
    forecast.at(now);
    BatchPlan<T, R> ready = ahead == null ? null : ahead.take(now);
    if (ready != null) {
      return ready;
    }
    boolean lingers = lingers(now, mayLinger);
    if (lingers && linger.isOpen()) {
      return BatchPlan.nothing();
    }
    BatchPlan<T, R> plan = former.plan(queue, now);
    if (lingers && plan.open() != null && plan.late().isEmpty()) {
      linger.begin(plan);
      return BatchPlan.nothing();
    }
    return plan;
  }

  /** Whether {@link #plan} might find something to launch; it need not. */
  boolean isWorthALook(long now, boolean mayLinger) {
    return !queue.isEmpty() && !(linger.isOpen() && lingers(now, mayLinger));
  }

  private boolean lingers(long now, boolean mayLinger) {
    return mayLinger && linger.nanosLeft(now) > 0;
  }

  /** Launches the plan that was just made, which took {@code formingNanos}. */
  FormedBatch<T, R> launch(BatchPlan<T, R> plan, int lane, long now, long formingNanos) {
    long tokens = 0;
    long waited = 0;
    for (BatchItem<T, R> member : plan.members()) {
      tokens += member.item().totalTokens();
      waited = Math.max(waited, member.call().waitedNanos(now));
    }
    RunStats stats = new RunStats(plan.rows(), tokens, plan.paddedTokens(), 0);
    var batch = new FormedBatch<>(plan.members(), lane, stats, waited, formingNanos, plan.fault());
    // From here on nothing is made that could fail: what is launched must reach its lane.
    former.launching(queue, now);
    linger.end();
    for (BatchItem<T, R> member : plan.members()) {
      member.call().launch(member.index(), now);
      queue.launched(member.call(), member.item());
    }
    forecast.launched(lane, now, stats);
    admission.launched(now, plan.rows());
    return batch;
  }

  Forecast forecast() {
    return forecast;
  }

  /** How long until something is due here; {@link Long#MAX_VALUE} for never. */
  long nanosUntilDue(long now, boolean mayLinger) {
    if (queue.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long left = mayLinger ? linger.nanosLeft(now) : 0;
    long due = left > 0 ? left : Long.MAX_VALUE;
    PendingCall<T, R> earliest = queue.deadlines().first();
    due = earliest == null ? due : Math.min(due, earliest.nanosLeft(now));
    PendingCall<T, R> demoted = queue.demotions().first();
    return demoted == null ? due : Math.min(due, demoted.nanosToDemotion(now));
  }
}
