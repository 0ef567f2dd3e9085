// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that was admitted, until it is answered.
 *
 * <p>Each item goes waiting -> running -> settled; the call itself goes open -> ended, once. A call
 * that ends early (failed, expired, cancelled) forgets its items; those that run are settled later
 * and their results dropped.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class PendingCall<T, R> implements Ticket {
  /** Made beforehand, as it is for when nothing can be made any more. */
  private static final Failure NO_MEMORY_TO_ANSWER =
      new Failure.RunFailed(new IllegalStateException("its results could not be put together"));

  private static final @Nullable Object[] NOTHING = {};
  private static final byte WAITING = 0;
  private static final byte RUNNING = 1;
  private static final byte SETTLED = 2;

  private final BatchCore<T, R> core;
  private final long sequence;
  private final long submittedNanos;
  private final long deadlineNanos;
  private final long dueKey;
  private final long demoteNanos;
  private final long demoteKey;
  private final Criticality criticality;
  private final int level;
  private final String tenant;
  private final Completion<R> completion;
  private final int size;
  private final byte[] states;
  private final int rows;

  private List<Item<T>> items;
  private @Nullable Object[] results;
  private @Nullable Failure failure;
  private final Amount waiting;

  /** Nothing before it waits, it does; {@link #size} when nothing waits any more. */
  private int firstWaiting;

  private int unanswered;
  private boolean demoted;
  private boolean ended;
  private long lastStartNanos;
  private long computeNanos;
  private int batchRows;

  /** Its neighbours in the order of arrival; owned by {@link ArrivalList}. */
  @Nullable PendingCall<T, R> earlier;

  @Nullable PendingCall<T, R> later;

  /** What ended after it in the same step; owned by {@link Endings}. */
  @Nullable PendingCall<T, R> endedNext;

  /** What was admitted after it; owned by {@link OrderedDelivery}. */
  @Nullable PendingCall<T, R> admittedNext;

  /** Where it waits, while it does; owned by {@link WaitingQueue}. */
  @Nullable Share<T, R> share;

  /**
   * @param cost what it costs; from here on its own
   * @param sequence grows from call to call, so that of equal deadlines the first to come is first
   * @param originNanos a moment not after {@code nowNanos}, the same for all calls of a batcher:
   *     deadlines are put in order by their distance from it, so that the clock may wrap
   */
  PendingCall(
      BatchCore<T, R> core,
      Call<T> call,
      Completion<R> completion,
      Amount cost,
      long sequence,
      long originNanos,
      long nowNanos) {
    this.core = core;
    this.sequence = sequence;
    this.submittedNanos = nowNanos;
    this.deadlineNanos = call.deadlineNanos();
    this.dueKey = key(call.deadlineNanos(), originNanos, nowNanos);
    this.demoteNanos = call.demoteNanos();
    this.demoteKey = key(call.demoteNanos(), originNanos, nowNanos);
    this.criticality = call.criticality();
    this.level = call.level();
    this.tenant = call.tenant();
    this.completion = completion;
    this.items = call.items();
    this.rows = (int) cost.rows();
    this.size = items.size();
    this.states = new byte[size];
    this.results = new Object[size];
    this.waiting = cost;
    this.unanswered = size;
    this.lastStartNanos = nowNanos;
  }

  /** The one step that anybody may take without holding the lock. */
  @Override
  public void cancel() {
    core.cancel(this);
  }

  /** Nanoseconds until no item may start any more; {@link Long#MAX_VALUE} for no deadline. */
  static long nanosLeft(long deadlineNanos, long nowNanos) {
    return deadlineNanos == Call.NO_DEADLINE ? Long.MAX_VALUE : deadlineNanos - nowNanos;
  }

  /** Puts moments in order: how far it is from the origin, {@link Long#MAX_VALUE} for never. */
  static long key(long momentNanos, long originNanos, long nowNanos) {
    long left = nanosLeft(momentNanos, nowNanos);
    long key = (nowNanos - originNanos) + left;
    return key < left ? Long.MAX_VALUE : key;
  }

  /** Earliest deadline first, then in order of arrival. */
  boolean isBefore(PendingCall<T, R> other) {
    return dueKey == other.dueKey ? sequence < other.sequence : dueKey < other.dueKey;
  }

  /** Whether it goes first, as far as class, level and deadline tell. */
  boolean goesBefore(PendingCall<T, R> other) {
    int rank = WaitingQueue.rankOf(criticality, level, demoted);
    int otherRank = WaitingQueue.rankOf(other.criticality, other.level, other.demoted);
    return rank == otherRank ? isBefore(other) : rank < otherRank;
  }

  /** Its deadline, as a number that puts deadlines in order. */
  long dueKey() {
    return dueKey;
  }

  /** Until it goes behind its level. */
  long nanosToDemotion(long nowNanos) {
    return nanosLeft(demoteNanos, nowNanos);
  }

  /** When it goes behind its level, as a number that puts such moments in order. */
  long demoteKey() {
    return demoteKey;
  }

  Criticality criticality() {
    return criticality;
  }

  int level() {
    return level;
  }

  String tenant() {
    return tenant;
  }

  boolean demoted() {
    return demoted;
  }

  void demote() {
    demoted = true;
  }

  long waitedNanos(long nowNanos) {
    return nowNanos - submittedNanos;
  }

  long nanosLeft(long nowNanos) {
    return nanosLeft(deadlineNanos, nowNanos);
  }

  int size() {
    return size;
  }

  Item<T> item(int index) {
    return items.get(index);
  }

  /** The first item at or after {@code from} that waits, or -1. */
  int nextWaiting(int from) {
    if (from <= firstWaiting) {
      return firstWaiting < size ? firstWaiting : -1;
    }
    for (int i = from; i < size; i++) {
      if (states[i] == WAITING) {
        return i;
      }
    }
    return -1;
  }

  boolean isWaiting(int index) {
    return index >= firstWaiting && states[index] == WAITING;
  }

  boolean hasWaiting() {
    return firstWaiting < size;
  }

  /** Whether nothing was spent on it yet. */
  boolean allWaiting() {
    return waiting.rows() == rows;
  }

  /** What its waiting items cost. */
  Amount waiting() {
    return waiting;
  }

  boolean ended() {
    return ended;
  }

  void launch(int index, long nowNanos) {
    states[index] = RUNNING;
    waiting.remove(items.get(index));
    while (firstWaiting < size && states[firstWaiting] != WAITING) {
      firstWaiting++;
    }
    lastStartNanos = nowNanos;
  }

  /** The item runs no more. Returns false if that was known already. */
  boolean settle(int index) {
    boolean wasRunning = states[index] == RUNNING;
    states[index] = SETTLED;
    return wasRunning;
  }

  void noteRun(RunStats run) {
    if (!ended) {
      computeNanos = Math.max(computeNanos, run.computeNanos());
      batchRows = Math.max(batchRows, run.rows());
    }
  }

  /** Takes one result, each index once; returns whether it was the last one missing. */
  boolean answer(int index, R result) {
    results[index] = result;
    return --unanswered == 0;
  }

  /** What waits of it will not be run. */
  void stopWaiting(long nowNanos) {
    if (hasWaiting()) {
      lastStartNanos = nowNanos;
      waiting.clear();
      firstWaiting = size;
    }
  }

  /** It could not be made to wait: whatever has heard of it forgets it. */
  void neverWaited() {
    stopWaiting(submittedNanos);
  }

  /** Ends the call with the results it was given, every one. Makes nothing, so cannot fail. */
  void succeed() {
    end();
  }

  /** Ends the call without results; nothing of it waits any more. Makes nothing, so cannot fail. */
  void fail(Failure why) {
    failure = why;
    results = NOTHING;
    end();
  }

  /** A ticket may outlive the call by far, so the call lets go of what is large. */
  private void end() {
    ended = true;
    items = List.of();
  }

  /**
   * Tells the observer, then the caller, how the call ended; what either throws stays here. To be
   * called once, after the end, outside of the lock: of what it reads nothing changes any more.
   */
  void tell(BatchObserver observer) {
    CallTiming timing = CallTiming.NONE;
    Failure why = failure;
    List<R> all = List.of();
    try {
      timing = new CallTiming(lastStartNanos - submittedNanos, computeNanos, batchRows);
      all = why == null ? takeResults() : all;
    } catch (Throwable thrown) {
      why = NO_MEMORY_TO_ANSWER;
      Uncaught.report(thrown);
    }
    Ending.tell(completion, observer, rows, timing, all, why);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // answer() has set each one, to an R
  private List<R> takeResults() {
    @Nullable Object[] all = results;
    results = NOTHING;
    return (List<R>)
        (size == 1 ? List.of(all[0]) : Collections.unmodifiableList(Arrays.asList(all)));
  }
}
