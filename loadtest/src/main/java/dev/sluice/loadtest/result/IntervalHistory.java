// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The course of a run in a bounded number of intervals: when there are too many, each two
 * neighbours become one, and from then on intervals are twice as long. Histograms have two digits.
 * One thread at a time.
 */
public final class IntervalHistory {
  private static final int MOST = 240;
  private static final int DIGITS = 2;

  private final List<Interval> intervals = new ArrayList<>();
  private int each = 1;
  private int inLast;

  public void add(Interval interval) {
    if (inLast > 0 && inLast < each) {
      intervals.add(joined(intervals.removeLast(), interval));
      inLast++;
      return;
    }
    if (intervals.size() == MOST) {
      halve();
    }
    intervals.add(
        joined(
            new Interval(
                interval.startNanos(), 0, new Histogram(DIGITS), new Histogram(DIGITS), 0, 0),
            interval));
    inLast = 1;
  }

  public List<Interval> intervals() {
    return List.copyOf(intervals);
  }

  private void halve() {
    List<Interval> all = List.copyOf(intervals);
    intervals.clear();
    for (int i = 0; i + 1 < all.size(); i += 2) {
      intervals.add(joined(all.get(i), all.get(i + 1)));
    }
    each *= 2;
  }

  private static Interval joined(Interval first, Interval second) {
    Histogram response = first.response().copy();
    Histogram service = first.service().copy();
    response.add(second.response());
    service.add(second.service());
    return new Interval(
        first.startNanos(),
        second.startNanos() + second.lengthNanos() - first.startNanos(),
        response,
        service,
        first.errors() + second.errors(),
        second.inFlight());
  }
}
