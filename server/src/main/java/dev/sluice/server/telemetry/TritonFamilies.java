// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The same counts under the names that Triton's dashboards and autoscalers read. Triton has no
 * variants: those of one version are summed.
 */
final class TritonFamilies {
  private static final long MICRO = 1_000;

  private final MetricsWriter metrics;
  private final Map<List<String>, List<MeterReading>> versions = new LinkedHashMap<>();

  private TritonFamilies(MetricsWriter metrics, TelemetryReading reading) {
    this.metrics = metrics;
    for (MeterReading model : reading.models()) {
      List<String> labels =
          List.of("model", model.labels().model(), "version", model.labels().version());
      versions.computeIfAbsent(labels, l -> new ArrayList<>()).add(model);
    }
  }

  static void write(MetricsWriter metrics, TelemetryReading reading) {
    TritonFamilies families = new TritonFamilies(metrics, reading);
    families.counts();
    families.durations();
  }

  private void counts() {
    counter("request_success", "Number of successful inference requests", MeterReading::answered);
    failures();
    counter("count", "Number of inferences performed (rows)", m -> m.batches().rows());
    counter("exec_count", "Number of model executions performed", m -> m.batches().runs());
    String pending = "nv_inference_pending_request_count";
    metrics.gauge(pending, "Number of requests that wait for execution");
    samples(m -> m.pending().waitingCalls());
  }

  private void failures() {
    metrics.counter("nv_inference_request_failure", "Number of failed inference requests");
    versions.forEach(
        (labels, models) -> {
          Map<String, Long> reasons = new TreeMap<>();
          for (MeterReading model : models) {
            model.failures().forEach((why, n) -> reasons.merge(why.tritonReason(), n, Long::sum));
          }
          reasons.forEach(
              (reason, count) -> {
                List<String> withReason = new ArrayList<>(labels);
                withReason.addAll(List.of("reason", reason));
                metrics.sample(withReason, count);
              });
        });
  }

  private void durations() {
    duration("request", Stage.TOTAL);
    duration("queue", Stage.QUEUE);
    duration("compute_input", Stage.ENCODE);
    duration("compute_infer", Stage.COMPUTE);
    duration("compute_output", Stage.SPLIT);
  }

  private void duration(String name, Stage stage) {
    counter(
        name + "_duration_us",
        "Cumulative " + name.replace('_', ' ') + " duration in microseconds",
        model -> model.stageNanos(stage) / MICRO);
  }

  private void counter(String name, String help, ToLongFunction<MeterReading> value) {
    metrics.counter("nv_inference_" + name, help);
    samples(value);
  }

  private void samples(ToLongFunction<MeterReading> value) {
    versions.forEach(
        (labels, models) -> metrics.sample(labels, models.stream().mapToLong(value).sum()));
  }
}
