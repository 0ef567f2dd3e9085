// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.result.Detail;
import dev.sluice.loadtest.result.StatusNames;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sends the calls of one loop and counts how they end; ends those that take longer than the
 * timeout. Used on the loop.
 *
 * <p>Calls are listed in the order in which they were sent, so one timer, for the oldest, is enough
 * for all of their timeouts.
 */
final class Desk {
  private static final Status TIMEOUT =
      Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");

  private final Loop loop;
  private final Carrier carrier;
  private final CallSource calls;
  private final Common common;
  private final Freed freed;
  private final Attempt list = new Attempt(this, null, 0, 0, false);
  private Tally tally = new Tally();
  private int inFlight;
  private boolean timing;
  private boolean ignoring;
  private @Nullable Status ending;

  /** Hears that a call has ended, after it was counted. */
  @FunctionalInterface
  interface Freed {
    void freed(Worker worker, long now);
  }

  /**
   * What the loops of a run share; for any thread.
   *
   * @param timeoutNanos of a call; 0: none
   * @param measureFrom calls that are due earlier do not count
   * @param epochOffset what a loop's time lacks to the time since 1970
   */
  record Common(
      Turnstile turnstile,
      DetailBook details,
      long timeoutNanos,
      long measureFrom,
      long epochOffset) {}

  Desk(Loop loop, Carrier carrier, CallSource calls, Common common, Freed freed) {
    this.loop = loop;
    this.carrier = carrier;
    this.calls = calls;
    this.common = common;
    this.freed = freed;
  }

  int inFlight() {
    return inFlight;
  }

  /** What was counted since the last time; from here on the other one is filled. */
  Tally swap(Tally empty) {
    Tally full = tally;
    tally = empty;
    return full;
  }

  /**
   * Sends a call that was due.
   *
   * @param possible when it was due and could be sent
   * @return false if no more may be sent
   */
  boolean send(Worker worker, long intended, long possible) {
    boolean counted = intended >= common.measureFrom();
    if (counted && !common.turnstile().admit()) {
      return false;
    }
    PreparedCall call = calls.next(worker.id(), common.turnstile().number());
    long now = loop.nanoTime();
    if (counted) {
      tally.sent(now, now - possible);
    }
    start(call, new Attempt(this, worker, intended, now, counted), worker);
    return true;
  }

  /**
   * Sends a call that is due now.
   *
   * @return false if no more may be sent
   */
  boolean sendNow(Worker worker) {
    boolean counted = loop.nanoTime() >= common.measureFrom();
    if (counted && !common.turnstile().admit()) {
      return false;
    }
    PreparedCall call = calls.next(worker.id(), common.turnstile().number());
    long now = loop.nanoTime();
    if (counted) {
      tally.sent(now);
    }
    start(call, new Attempt(this, worker, now, now, counted), worker);
    return true;
  }

  /**
   * Counts a call that was due and is not sent.
   *
   * @return false if it would not have been sent anyway
   */
  boolean drop(long intended) {
    if (intended < common.measureFrom()) {
      return true;
    } else if (!common.turnstile().admit()) {
      return false;
    }
    tally.dropped++;
    return true;
  }

  /**
   * Ends all calls under way.
   *
   * @param counting whether they count
   */
  void cutOff(Status why, boolean counting) {
    ignoring = !counting;
    ending = why;
    for (Attempt each = list.after; each != list; each = each.after) {
      each.cut(why);
    }
  }

  private void start(PreparedCall call, Attempt attempt, Worker worker) {
    attempt.linkBefore(list);
    inFlight++;
    attempt.began(carrier.start(call, worker.connection(), attempt));
    if (!timing && common.timeoutNanos() > 0) {
      timing = true;
      loop.at(attempt.sent + common.timeoutNanos(), this::timeOut);
    }
  }

  private void timeOut() {
    long sentBefore = loop.nanoTime() - common.timeoutNanos();
    Attempt oldest = list.after;
    while (oldest != list && (oldest.cut() != null || oldest.sent <= sentBefore)) {
      oldest.cut(TIMEOUT);
      oldest = oldest.after;
    }
    timing = oldest != list;
    if (timing) {
      loop.at(oldest.sent + common.timeoutNanos(), this::timeOut);
    }
  }

  void ended(Attempt attempt, Status status) {
    long now = loop.nanoTime();
    attempt.unlink();
    inFlight--;
    if (attempt.counted && !ignoring && !common.turnstile().skips()) {
      count(attempt, outcome(attempt, status, now), now);
    }
    Worker worker = attempt.worker;
    if (worker != null) {
      freed.freed(worker, now);
    }
  }

  void resent(Attempt attempt) {
    if (attempt.counted) {
      tally.resent++;
    }
  }

  /** The server hears of the timeout too, and may be the first to end the call for it. */
  private Status outcome(Attempt attempt, Status status, long now) {
    if (status.getCode() != Status.Code.CANCELLED) {
      return status;
    }
    Status cut = attempt.cut();
    long timeout = common.timeoutNanos();
    boolean late = timeout > 0 && now - attempt.sent >= timeout;
    return cut != null ? cut : late ? TIMEOUT : status;
  }

  private void count(Attempt attempt, Status status, long now) {
    long response = now - attempt.intended;
    long service = now - attempt.sent;
    if (status.equals(ending)) {
      Times.record(tally.cutOff, response);
    }
    tally.ended(now, response, service, status);
    if (common.details().open()) {
      String error = status.isOk() ? "" : Tally.error(status);
      String name = StatusNames.of(status.getCode());
      common.details().add(new Detail(now + common.epochOffset(), response, service, error, name));
    }
  }
}
