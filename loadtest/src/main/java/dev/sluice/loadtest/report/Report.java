// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Detail;
import dev.sluice.loadtest.result.Details;
import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.ReportedOptions;
import dev.sluice.loadtest.result.RunResult;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run in ghz's terms, which all formats write. What is null is null in JSON.
 *
 * @param run what ghz does not know; null leaves it out, as {@code --ghz-strict} does
 * @param percentiles of its own, beside ghz's
 */
public record Report(
    OffsetDateTime date,
    String endReason,
    ReportedOptions options,
    Figures figures,
    @Nullable SortedMap<String, Long> errors,
    @Nullable SortedMap<String, Long> statuses,
    @Nullable Details details,
    SortedMap<String, String> tags,
    LatencyFrom latencyFrom,
    @Nullable RunResult run,
    List<Double> percentiles) {
  public static Report of(RunResult run, List<Double> percentiles) throws IOException {
    return of(run, run.latencyFrom(), run, percentiles);
  }

  /** With ghz's keys only, and latencies from the send as ghz measures them. */
  public static Report strict(RunResult run) throws IOException {
    return of(run, LatencyFrom.SEND, null, List.of());
  }

  private static Report of(
      RunResult run, LatencyFrom from, @Nullable RunResult shown, List<Double> percentiles)
      throws IOException {
    return new Report(
        run.date(),
        run.endReason().word(),
        run.options(),
        Figures.of(run, from),
        new TreeMap<>(run.errors()),
        new TreeMap<>(run.statuses()),
        run.details().size() == 0 ? null : run.details(),
        new TreeMap<>(run.tags()),
        from,
        shown,
        percentiles);
  }

  long latency(Detail detail) {
    return latencyFrom == LatencyFrom.INTENDED ? detail.responseNanos() : detail.serviceNanos();
  }

  String name() {
    return options.name();
  }

  Map<String, Long> errorCounts() {
    return errors == null ? Map.of() : errors;
  }

  Map<String, Long> statusCounts() {
    return statuses == null ? Map.of() : statuses;
  }

  long failed() {
    return errorCounts().values().stream().mapToLong(Long::longValue).sum();
  }
}
