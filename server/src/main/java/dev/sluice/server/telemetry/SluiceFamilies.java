// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** The metrics under Sluice's own names. {@code docs/operating.md} has the table. */
final class SluiceFamilies {
  private static final double SECOND = 1e9;
  private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999, 1.0};

  private final MetricsWriter metrics;
  private final TelemetryReading reading;

  private SluiceFamilies(MetricsWriter metrics, TelemetryReading reading) {
    this.metrics = metrics;
    this.reading = reading;
  }

  static void write(MetricsWriter metrics, TelemetryReading reading) {
    SluiceFamilies families = new SluiceFamilies(metrics, reading);
    families.requests();
    families.durations();
    families.percentiles();
    families.batches();
    families.pending();
    SchedulingFamilies.write(metrics, reading);
    families.limits();
  }

  private void requests() {
    metrics.counter("sluice_requests_total", "Requests answered, and failed by why.");
    for (MeterReading model : reading.models()) {
      metrics.sample(with(model, "outcome", "ok"), model.answered());
      model
          .failures()
          .forEach((why, count) -> metrics.sample(with(model, "outcome", why.label()), count));
    }
    metrics.counter(
        "sluice_requests_refused_total", "Requests refused outside of any model, by why.");
    reading
        .refusals()
        .forEach((why, count) -> metrics.sample(List.of("reason", why.label()), count));
  }

  private void durations() {
    metrics.histogram(
        "sluice_stage_duration_seconds", "Time that answered requests spent in each stage.");
    for (MeterReading model : reading.models()) {
      for (Stage stage : Stage.values()) {
        Histogram total = model.durations().get(stage).total();
        metrics.sample(
            with(model, "stage", stage.label()),
            Distribution.ofDurations(total, model.stageNanos(stage)));
      }
    }
  }

  private void percentiles() {
    metrics.gauge(
        "sluice_stage_duration_interval_seconds",
        "Percentiles of the last whole interval; quantile 1.0 is the longest.");
    for (MeterReading model : reading.models()) {
      for (Stage stage : Stage.values()) {
        Histogram last = model.durations().get(stage).lastInterval();
        for (double quantile : QUANTILES) {
          List<String> labels = new ArrayList<>(with(model, "stage", stage.label()));
          labels.add("quantile");
          labels.add(Double.toString(quantile));
          metrics.sample(
              labels,
              last.getTotalCount() == 0
                  ? Double.NaN
                  : last.getValueAtPercentile(quantile * 100) / SECOND);
        }
      }
    }
    metrics.gauge("sluice_interval_seconds", "How long the last whole interval was.");
    TelemetryReading.Span span = reading.lastInterval();
    metrics.sample(List.of(), (span.endMillis() - span.startMillis()) / 1e3);
  }

  private void batches() {
    counters("sluice_rows_total", "Rows run with success.", m -> m.batches().rows());
    counters("sluice_runs_total", "Model runs that gave results.", m -> m.batches().runs());
    counters("sluice_runs_failed_total", "Model runs that failed.", m -> m.batches().failedRuns());
    counters("sluice_tokens_total", "Tokens run, without padding.", m -> m.batches().tokens());
    counters(
        "sluice_tokens_padded_total",
        "Tokens run, with padding; what exceeds sluice_tokens_total is waste.",
        m -> m.batches().paddedTokens());
    metrics.histogram("sluice_batch_rows", "Rows of each successful model run.");
    for (MeterReading model : reading.models()) {
      metrics.sample(labels(model), Distribution.ofRows(model.batches().bySize()));
    }
  }

  private void pending() {
    gauges("sluice_requests_in_flight", "Accepted, not answered.", m -> m.pending().requests());
    gauges("sluice_queue_calls", "Calls that wait.", m -> m.pending().waitingCalls());
    gauges("sluice_queue_rows", "Rows that wait.", m -> m.pending().waitingRows());
    gauges("sluice_queue_tokens", "Tokens that wait.", m -> m.pending().waitingTokens());
    gauges("sluice_running_rows", "Rows in model runs.", m -> m.pending().runningRows());
    long waiting = sum(m -> m.pending().waitingCalls());
    metrics.gauge(
        "sluice_num_requests_waiting", "Requests that wait for a model, over all models.");
    metrics.sample(List.of(), waiting);
    metrics.gauge("sluice_num_requests_running", "Requests in flight that do not wait.");
    metrics.sample(List.of(), Math.max(0, sum(m -> m.pending().requests()) - waiting));
  }

  /** Those of the server are there from the start, so that the first hit shows as a rise. */
  private void limits() {
    metrics.counter(
        "sluice_limit_hits_total", "How often a limit was hit; the label names its setting.");
    for (Limit limit : Limit.values()) {
      if (!limit.perModel()) {
        metrics.sample(List.of("limit", limit.label()), reading.limitHits().get(limit));
        continue;
      }
      for (MeterReading model : reading.models()) {
        metrics.sample(with(model, "limit", limit.label()), model.limitHits().get(limit));
      }
    }
  }

  private void counters(String name, String help, ToLongFunction<MeterReading> value) {
    metrics.counter(name, help);
    reading.models().forEach(model -> metrics.sample(labels(model), value.applyAsLong(model)));
  }

  private void gauges(String name, String help, ToLongFunction<MeterReading> value) {
    metrics.gauge(name, help);
    reading.models().forEach(model -> metrics.sample(labels(model), value.applyAsLong(model)));
  }

  private long sum(ToLongFunction<MeterReading> value) {
    return reading.models().stream().mapToLong(value).sum();
  }

  static List<String> labels(MeterReading model) {
    ModelLabels of = model.labels();
    return List.of("model", of.model(), "version", of.version(), "variant", of.variant());
  }

  static List<String> with(MeterReading model, String name, String value) {
    List<String> labels = new ArrayList<>(labels(model));
    labels.add(name);
    labels.add(value);
    return labels;
  }
}
