// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** The metrics under Sluice's own names. {@code docs/operating.md} has the table. */
final class SluiceFamilies {
  private static final double SECOND = 1e9;
  private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999, 1.0};

  private final MetricsText text;
  private final TelemetryReading reading;

  private SluiceFamilies(MetricsText text, TelemetryReading reading) {
    this.text = text;
    this.reading = reading;
  }

  static void write(MetricsText text, TelemetryReading reading) {
    SluiceFamilies families = new SluiceFamilies(text, reading);
    families.requests();
    families.durations();
    families.percentiles();
    families.batches();
    families.pending();
    families.limits();
  }

  private void requests() {
    text.counter("sluice_requests_total", "Requests answered, and failed by why.");
    for (MeterReading model : reading.models()) {
      text.sample(with(model, "outcome", "ok"), model.answered());
      model
          .failures()
          .forEach((why, count) -> text.sample(with(model, "outcome", why.label()), count));
    }
    text.counter(
        "sluice_requests_refused_total", "Requests refused before they reached a model, by why.");
    reading.refusals().forEach((why, count) -> text.sample(List.of("reason", why.label()), count));
  }

  private void durations() {
    text.histogram(
        "sluice_stage_duration_seconds", "Time that answered requests spent in each stage.");
    for (MeterReading model : reading.models()) {
      for (Stage stage : Stage.values()) {
        Histogram total = model.durations().get(stage).total();
        List<String> labels = with(model, "stage", stage.label());
        for (long bound : Buckets.DURATIONS) {
          bucket(labels, Buckets.seconds(bound), Buckets.under(total, bound));
        }
        bucket(labels, "+Inf", total.getTotalCount());
        text.sample("_sum", labels, model.stageNanos(stage) / SECOND);
        text.sample("_count", labels, total.getTotalCount());
      }
    }
  }

  private void percentiles() {
    text.gauge(
        "sluice_stage_duration_interval_seconds",
        "Percentiles of the last whole interval; quantile 1.0 is the longest.");
    for (MeterReading model : reading.models()) {
      for (Stage stage : Stage.values()) {
        Histogram last = model.durations().get(stage).lastInterval();
        for (double quantile : QUANTILES) {
          List<String> labels = new ArrayList<>(with(model, "stage", stage.label()));
          labels.add("quantile");
          labels.add(Double.toString(quantile));
          text.sample(
              labels,
              last.getTotalCount() == 0
                  ? Double.NaN
                  : last.getValueAtPercentile(quantile * 100) / SECOND);
        }
      }
    }
    text.gauge("sluice_interval_seconds", "How long the last whole interval was.");
    TelemetryReading.Span span = reading.lastInterval();
    text.sample(List.of(), (span.endMillis() - span.startMillis()) / 1e3);
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
    text.histogram("sluice_batch_rows", "Rows of each successful model run.");
    for (MeterReading model : reading.models()) {
      SortedMap<Integer, MeterReading.Sum> sizes = model.batches().bySize();
      List<String> labels = labels(model);
      for (int rows : Buckets.ROWS) {
        bucket(labels, Double.toString(rows), Buckets.under(sizes, rows));
      }
      long runs = sizes.values().stream().mapToLong(MeterReading.Sum::count).sum();
      bucket(labels, "+Inf", runs);
      text.sample("_sum", labels, rows(sizes));
      text.sample("_count", labels, runs);
    }
  }

  private static long rows(SortedMap<Integer, MeterReading.Sum> sizes) {
    return sizes.entrySet().stream().mapToLong(e -> e.getKey() * e.getValue().count()).sum();
  }

  private void pending() {
    gauges("sluice_requests_in_flight", "Accepted, not answered.", m -> m.pending().requests());
    gauges("sluice_queue_calls", "Calls that wait.", m -> m.pending().waitingCalls());
    gauges("sluice_queue_rows", "Rows that wait.", m -> m.pending().waitingRows());
    gauges("sluice_queue_tokens", "Tokens that wait.", m -> m.pending().waitingTokens());
    gauges("sluice_running_rows", "Rows in model runs.", m -> m.pending().runningRows());
    long waiting = sum(m -> m.pending().waitingCalls());
    text.gauge("sluice_num_requests_waiting", "Requests that wait for a model, over all models.");
    text.sample(List.of(), waiting);
    text.gauge("sluice_num_requests_running", "Requests in flight that do not wait.");
    text.sample(List.of(), Math.max(0, sum(m -> m.pending().requests()) - waiting));
  }

  private void limits() {
    text.counter("sluice_limit_hits_total", "How often a limit of a model was hit.");
    for (MeterReading model : reading.models()) {
      model.limitHits().forEach((limit, hits) -> text.sample(with(model, "limit", limit), hits));
    }
    text.counter("sluice_server_limit_hits_total", "How often a limit of the server was hit.");
    for (Map.Entry<String, Long> hits : reading.limitHits().entrySet()) {
      text.sample(List.of("limit", hits.getKey()), hits.getValue());
    }
  }

  private void counters(String name, String help, ToLongFunction<MeterReading> value) {
    text.counter(name, help);
    reading.models().forEach(model -> text.sample(labels(model), value.applyAsLong(model)));
  }

  private void gauges(String name, String help, ToLongFunction<MeterReading> value) {
    text.gauge(name, help);
    reading.models().forEach(model -> text.sample(labels(model), value.applyAsLong(model)));
  }

  private long sum(ToLongFunction<MeterReading> value) {
    return reading.models().stream().mapToLong(value).sum();
  }

  private void bucket(List<String> labels, String bound, long count) {
    List<String> bounded = new ArrayList<>(labels);
    bounded.add("le");
    bounded.add(bound);
    text.sample("_bucket", bounded, count);
  }

  private static List<String> labels(MeterReading model) {
    ModelLabels of = model.labels();
    return List.of("model", of.model(), "version", of.version(), "variant", of.variant());
  }

  private static List<String> with(MeterReading model, String name, String value) {
    List<String> labels = new ArrayList<>(labels(model));
    labels.add(name);
    labels.add(value);
    return labels;
  }
}
