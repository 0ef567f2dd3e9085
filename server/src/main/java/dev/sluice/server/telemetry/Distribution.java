// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The same observations in classic and in native buckets, in the unit that is shown.
 *
 * @param classic in ascending order; the last bound is infinity and its count that of all
 */
record Distribution(List<Bound> classic, double sum, NativeBuckets exact) {
  private static final double SECOND = 1e9;

  /** Nothing is zero rows long. */
  private static final double NO_ROWS = 0.5;

  /**
   * @param count of what is not above the bound
   */
  record Bound(double bound, long count) {}

  Distribution {
    classic = List.copyOf(classic);
  }

  long count() {
    return classic.get(classic.size() - 1).count();
  }

  /** Of durations, in seconds; the histogram is in nanoseconds. */
  static Distribution ofDurations(Histogram nanos, long sumNanos) {
    List<Bound> classic = new ArrayList<>();
    for (long bound : Buckets.DURATIONS) {
      classic.add(new Bound(bound / SECOND, Buckets.under(nanos, bound)));
    }
    classic.add(new Bound(Double.POSITIVE_INFINITY, nanos.getTotalCount()));
    NativeBuckets exact = new NativeBuckets(nanos.highestEquivalentValue(0) / SECOND);
    for (HistogramIterationValue each : nanos.recordedValues()) {
      exact.add(each.getValueIteratedTo() / SECOND, each.getCountAddedInThisIterationStep());
    }
    return new Distribution(classic, sumNanos / SECOND, exact);
  }

  /** Of runs by their rows. */
  static Distribution ofRows(SortedMap<Integer, MeterReading.Sum> runs) {
    List<Bound> classic = new ArrayList<>();
    for (int rows : Buckets.ROWS) {
      classic.add(new Bound(rows, Buckets.under(runs, rows)));
    }
    NativeBuckets exact = new NativeBuckets(NO_ROWS);
    long count = 0;
    long sum = 0;
    for (Map.Entry<Integer, MeterReading.Sum> each : runs.entrySet()) {
      exact.add(each.getKey(), each.getValue().count());
      count += each.getValue().count();
      sum += each.getKey() * each.getValue().count();
    }
    classic.add(new Bound(Double.POSITIVE_INFINITY, count));
    return new Distribution(classic, sum, exact);
  }
}
