// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.result.StatusNames;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What was counted in a part of a run, or in all of it. Its size does not grow with the calls: of
 * different errors the first thousand are kept apart. One thread at a time.
 */
final class Tally {
  private static final int MOST_ERRORS = 1_000;
  private static final int MOST_TEXT = 1_000;

  /** A call is late if it was sent so much after it could have been. */
  private static final long LATE_NANOS = 1_000_000;

  final Times good = new Times();
  final Times bad = new Times();

  /** From when a call was due and could be sent, until it was. */
  final Histogram lag = Times.histogram();

  /** For how long calls had been due that were ended because the run was over. */
  final Histogram cutOff = Times.histogram();

  final Map<String, Long> statuses = new HashMap<>();
  final Map<String, Long> errors = new HashMap<>();

  /** What was wrong with answers that came. */
  final Map<String, Long> wrong = new HashMap<>();

  long late;
  long dropped;
  long resent;
  long firstSend = Long.MAX_VALUE;
  long lastEnd = Long.MIN_VALUE;

  long count() {
    return good.count() + bad.count();
  }

  /** Calls that failed, but for those that were cut off. */
  long faults() {
    return bad.count() - cutOff.getTotalCount();
  }

  void sent(long at, long lagNanos) {
    firstSend = Math.min(firstSend, at);
    Times.record(lag, lagNanos);
    if (lagNanos > LATE_NANOS) {
      late++;
    }
  }

  /** Without an account of when it could have been sent: it was sent as soon as that. */
  void sent(long at) {
    firstSend = Math.min(firstSend, at);
  }

  void ended(long at, long responseNanos, long serviceNanos, Status status) {
    lastEnd = Math.max(lastEnd, at);
    (status.isOk() ? good : bad).record(responseNanos, serviceNanos);
    count(statuses, StatusNames.of(status.getCode()), 1);
    if (!status.isOk()) {
      String error = error(status);
      boolean one = errors.containsKey(error) || errors.size() < MOST_ERRORS;
      count(errors, one ? error : oneOfMany(status), 1);
    }
    if (status.getCause() instanceof WrongAnswer answer) {
      count(wrong, answer.what(), 1);
    }
  }

  /** As the report words it. */
  static String error(Status status) {
    String error = StatusNames.error(status);
    return error.length() > MOST_TEXT ? error.substring(0, MOST_TEXT) : error;
  }

  void add(Tally other) {
    good.add(other.good);
    bad.add(other.bad);
    if (other.lag.getTotalCount() > 0) {
      lag.add(other.lag);
    }
    if (other.cutOff.getTotalCount() > 0) {
      cutOff.add(other.cutOff);
    }
    other.statuses.forEach((status, times) -> count(statuses, status, times));
    other.errors.forEach(
        (error, times) -> {
          boolean one = errors.containsKey(error) || errors.size() < MOST_ERRORS;
          count(errors, one ? error : "(one of many)", times);
        });
    other.wrong.forEach((what, times) -> count(wrong, what, times));
    late += other.late;
    dropped += other.dropped;
    resent += other.resent;
    firstSend = Math.min(firstSend, other.firstSend);
    lastEnd = Math.max(lastEnd, other.lastEnd);
  }

  void clear() {
    good.clear();
    bad.clear();
    if (lag.getTotalCount() > 0) {
      lag.reset();
    }
    if (cutOff.getTotalCount() > 0) {
      cutOff.reset();
    }
    statuses.clear();
    errors.clear();
    wrong.clear();
    late = 0;
    dropped = 0;
    resent = 0;
    firstSend = Long.MAX_VALUE;
    lastEnd = Long.MIN_VALUE;
  }

  private static String oneOfMany(Status status) {
    return "rpc error: code = " + StatusNames.of(status.getCode()) + " desc = (one of many)";
  }

  private static void count(Map<String, Long> counts, String what, long times) {
    counts.merge(what, times, Long::sum);
  }
}
