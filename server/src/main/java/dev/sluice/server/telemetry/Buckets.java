// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/** The bounds of the classic histograms, and how many values lie under each. */
final class Buckets {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  /** In nanoseconds; from a tensor call on a card to a request that waits a minute. */
  static final List<Long> DURATIONS =
      List.of(
          50 * MICRO,
          100 * MICRO,
          250 * MICRO,
          500 * MICRO,
          MILLI,
          2_500 * MICRO,
          5 * MILLI,
          10 * MILLI,
          25 * MILLI,
          50 * MILLI,
          100 * MILLI,
          250 * MILLI,
          500 * MILLI,
          SECOND,
          2_500 * MILLI,
          5 * SECOND,
          10 * SECOND,
          30 * SECOND,
          60 * SECOND);

  static final List<Integer> ROWS = List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024);

  private Buckets() {}

  /** Values that the histogram cannot tell from the bound count as under it. */
  static long under(Histogram histogram, long boundNanos) {
    return histogram.getCountBetweenValues(0, boundNanos);
  }

  static long under(SortedMap<Integer, MeterReading.Sum> batches, int rows) {
    return batches.headMap(rows + 1).values().stream().mapToLong(MeterReading.Sum::count).sum();
  }
}
