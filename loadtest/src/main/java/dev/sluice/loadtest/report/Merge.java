// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Details;
import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.Latencies;
import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.OwnCounts;
import dev.sluice.loadtest.result.ReportedOptions;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.ServerStatistics;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Several generators' logs as one run: their histograms added, since percentiles cannot be
 * averaged. The run lasts from the first log's start to the last interval's end, and has no
 * details.
 */
public final class Merge {
  private static final int DIGITS = 3;
  private static final long SECOND = 1_000_000_000L;

  /** More than any clock of a generator says: two logs that differ so much are not of one run. */
  private static final long MOST_NANOS = 366L * 24 * 3600 * SECOND;

  private Merge() {}

  /**
   * @throws ReportException if the logs do not belong together
   */
  public static RunResult of(List<HlogReader.Log> logs) {
    long start = logs.stream().mapToLong(HlogReader.Log::startEpochNanos).min().orElse(0);
    List<Interval> intervals = new ArrayList<>();
    long end = 0;
    long errors = 0;
    Histogram response = new Histogram(DIGITS);
    Histogram service = new Histogram(DIGITS);
    for (HlogReader.Log log : logs) {
      long offset = log.startEpochNanos() - start;
      for (Interval interval : log.intervals()) {
        intervals.add(shifted(interval, offset));
      }
      end = Math.max(end, offset + log.endNanos());
      errors += log.errors();
      response.add(log.response());
      service.add(log.service());
    }
    intervals.sort(Comparator.comparingLong(Interval::startNanos));
    if (end > MOST_NANOS) {
      throw new ReportException("merge: the logs are more than a year apart");
    }
    Instant date = Instant.ofEpochSecond(0, start + end);
    return new RunResult(
        date.atOffset(ZoneOffset.UTC),
        EndReason.NORMAL,
        ReportedOptions.NONE,
        response.getTotalCount() + errors,
        end,
        LatencyFrom.INTENDED,
        new Latencies(response, service, sum(response), sum(service)),
        errors == 0 ? Map.of() : Map.of("(not in the logs)", errors),
        response.getTotalCount() == 0 ? Map.of() : Map.of("OK", response.getTotalCount()),
        intervals,
        Details.of(List.of()),
        OwnCounts.NONE,
        null,
        ServerStatistics.NONE,
        List.of(),
        Map.of());
  }

  private static Interval shifted(Interval interval, long offset) {
    return new Interval(
        interval.startNanos() + offset,
        interval.lengthNanos(),
        interval.response(),
        interval.service(),
        interval.errors(),
        interval.inFlight());
  }

  private static long sum(Histogram histogram) {
    return Math.round(histogram.getMean() * histogram.getTotalCount());
  }
}
