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
  private final byte[] states;
  private final int rows;

  private List<Item<T>> items;
  private @Nullable Object[] results;
  private final Amount waiting;
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

  /** Where it waits, while it does; owned by {@link WaitingQueue}. */
  @Nullable Share<T, R> share;

  /**
   * @param cost what it costs; from here on its own
   * @param sequence grows from call to call
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
    int size = items.size();
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
    return states.length;
  }

  Item<T> item(int index) {
    return items.get(index);
  }

  /** The first item at or after {@code from} that waits, or -1. */
  int nextWaiting(int from) {
    for (int i = Math.max(from, firstWaiting); i < states.length && !ended; i++) {
      if (states[i] == WAITING) {
        return i;
      }
    }
    return -1;
  }

  boolean isWaiting(int index) {
    return !ended && states[index] == WAITING;
  }

  boolean hasWaiting() {
    return !waiting.isNothing();
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
    while (firstWaiting < states.length && states[firstWaiting] != WAITING) {
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
    computeNanos = Math.max(computeNanos, run.computeNanos());
    batchRows = Math.max(batchRows, run.rows());
  }

  /** Takes one result, each index once; returns whether it was the last one missing. */
  boolean answer(int index, R result) {
    results[index] = result;
    return --unanswered == 0;
  }

  /** Ends the call with its results. */
  Ending<R> succeed() {
    CallTiming timing = new CallTiming(lastStartNanos - submittedNanos, computeNanos, batchRows);
    @SuppressWarnings({"unchecked", "NullAway"}) // answer() has set each one, to an R
    List<R> all = (List<R>) (size() == 1 ? List.of(results[0]) : unmodifiable(results));
    return end(timing, new Ending.Answered<>(all));
  }

  private static List<?> unmodifiable(@Nullable Object[] results) {
    return Collections.unmodifiableList(Arrays.asList(results));
  }

  /** What waits of it will not be run. */
  void stopWaiting(long nowNanos) {
    if (hasWaiting()) {
      lastStartNanos = nowNanos;
      waiting.clear();
    }
  }

  /** Ends the call without results; nothing of it waits any more. */
  Ending<R> fail(Failure failure) {
    CallTiming timing = new CallTiming(lastStartNanos - submittedNanos, computeNanos, batchRows);
    return end(timing, new Ending.Failed<>(failure));
  }

  /** A ticket may outlive the call by far, so the call lets go of what is large. */
  private Ending<R> end(CallTiming timing, Ending.Outcome<R> outcome) {
    ended = true;
    items = List.of();
    results = new Object[0];
    return new Ending<>(completion, sequence, rows, timing, outcome);
  }
}
