// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
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
final class PendingCall<T, R> {
  /** Earliest deadline first, then in order of arrival. */
  static final Comparator<PendingCall<?, ?>> BY_DEADLINE =
      Comparator.<PendingCall<?, ?>>comparingLong(call -> call.dueKey)
          .thenComparingLong(call -> call.sequence);

  private final long sequence;
  private final long submittedNanos;
  private final long deadlineNanos;
  private final long dueKey;
  private final Criticality criticality;
  private final Completion<R> completion;
  private final BitSet waiting;
  private final BitSet running;
  private final int rows;
  private List<Item<T>> items;
  private @Nullable Object[] results;
  private Cost waitingCost;
  private int unanswered;
  private boolean ended;
  private long lastStartNanos;
  private long computeNanos;
  private int batchRows;

  /**
   * @param sequence grows from call to call
   * @param originNanos a moment not after {@code nowNanos}, the same for all calls of a batcher:
   *     deadlines are put in order by their distance from it, so that the clock may wrap
   */
  PendingCall(
      Call<T> call,
      Completion<R> completion,
      Cost cost,
      long sequence,
      long originNanos,
      long nowNanos) {
    this.sequence = sequence;
    this.submittedNanos = nowNanos;
    this.deadlineNanos = call.deadlineNanos();
    this.dueKey = dueKey(call.deadlineNanos(), originNanos, nowNanos);
    this.criticality = call.criticality();
    this.completion = completion;
    this.items = call.items();
    int size = items.size();
    this.rows = (int) cost.rows();
    this.waiting = new BitSet(size);
    this.waiting.set(0, size);
    this.running = new BitSet(size);
    this.results = new Object[size];
    this.waitingCost = cost;
    this.unanswered = size;
    this.lastStartNanos = nowNanos;
  }

  /** Nanoseconds until no item may start any more; {@link Long#MAX_VALUE} for no deadline. */
  static long nanosLeft(long deadlineNanos, long nowNanos) {
    return deadlineNanos == Call.NO_DEADLINE ? Long.MAX_VALUE : deadlineNanos - nowNanos;
  }

  private static long dueKey(long deadline, long origin, long now) {
    long left = nanosLeft(deadline, now);
    long key = (now - origin) + left;
    return key < left ? Long.MAX_VALUE : key;
  }

  Criticality criticality() {
    return criticality;
  }

  long waitedNanos(long nowNanos) {
    return nowNanos - submittedNanos;
  }

  long nanosLeft(long nowNanos) {
    return nanosLeft(deadlineNanos, nowNanos);
  }

  Item<T> item(int index) {
    return items.get(index);
  }

  /** The first item at or after {@code from} that waits, or -1. */
  int nextWaiting(int from) {
    return waiting.nextSetBit(from);
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** What its waiting items cost. */
  Cost waitingCost() {
    return waitingCost;
  }

  boolean ended() {
    return ended;
  }

  void launch(int index, Cost cost, long nowNanos) {
    waiting.clear(index);
    running.set(index);
    waitingCost = waitingCost.minus(cost);
    lastStartNanos = nowNanos;
  }

  /** The item runs no more. Returns false if that was known already. */
  boolean settle(int index) {
    boolean wasRunning = running.get(index);
    running.clear(index);
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
    List<R> all = (List<R>) Collections.unmodifiableList(Arrays.asList(results));
    return end(timing, new Ending.Answered<>(all));
  }

  /** Ends the call without results; nothing of it waits any more. */
  Ending<R> fail(Failure failure, long nowNanos) {
    long queuedUntil = hasWaiting() ? nowNanos : lastStartNanos;
    CallTiming timing = new CallTiming(queuedUntil - submittedNanos, computeNanos, batchRows);
    return end(timing, new Ending.Failed<>(failure));
  }

  /** A ticket may outlive the call by far, so the call lets go of what is large. */
  private Ending<R> end(CallTiming timing, Ending.Outcome<R> outcome) {
    ended = true;
    waiting.clear();
    waitingCost = Cost.NOTHING;
    items = List.of();
    results = new Object[0];
    return new Ending<>(completion, rows, timing, outcome);
  }
}
