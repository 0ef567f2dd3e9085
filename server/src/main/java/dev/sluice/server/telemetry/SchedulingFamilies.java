// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The metrics of how batches are formed. {@code docs/operating.md} has the table. */
final class SchedulingFamilies {
  private static final double SECOND = 1e9;

  private SchedulingFamilies() {}

  static void write(MetricsWriter metrics, TelemetryReading reading) {
    List<MeterReading> models = reading.models();
    counter(
        metrics,
        models,
        "sluice_batches_formed_total",
        "Batches handed to a lane.",
        model -> model.scheduling().formed());
    counter(
        metrics,
        models,
        "sluice_forming_seconds_total",
        "Time spent on choosing what shares a batch.",
        model -> model.scheduling().formingNanos() / SECOND);
    counter(
        metrics,
        models,
        "sluice_batch_oldest_wait_seconds_total",
        "Time that the first row of each batch had waited when it was formed.",
        model -> model.scheduling().oldestWaitNanos() / SECOND);
    metrics.counter("sluice_queue_drops_total", "Calls that the queue did not answer, by why.");
    for (MeterReading model : models) {
      model
          .scheduling()
          .drops()
          .forEach(
              (why, count) ->
                  metrics.sample(SluiceFamilies.with(model, "reason", why.label()), count));
    }
    metrics.gauge("sluice_lanes", "Lanes that take batches, and lanes that are out for a while.");
    for (MeterReading model : models) {
      metrics.sample(SluiceFamilies.with(model, "state", "fit"), model.pending().fitLanes());
      metrics.sample(SluiceFamilies.with(model, "state", "out"), model.pending().lanesOut());
    }
  }

  private static void counter(
      MetricsWriter metrics,
      List<MeterReading> models,
      String name,
      String help,
      ToDoubleFunction<MeterReading> value) {
    metrics.counter(name, help);
    models.forEach(
        model -> metrics.sample(SluiceFamilies.labels(model), value.applyAsDouble(model)));
  }
}
