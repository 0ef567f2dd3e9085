// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import dev.sluice.server.telemetry.ModelMeter;
import dev.sluice.server.telemetry.Stage;

/**
 * Tells what a meter has counted since it was last asked. A meter that counted nothing is asked for
 * its counters only, so models that idle cost next to nothing. Not thread-safe.
 */
final class MeterCursor {
  private final ModelMeter meter;
  private Distribution durations = Distribution.EMPTY;
  private long answered;
  private long failed;

  MeterCursor(ModelMeter meter) {
    this.meter = meter;
  }

  String model() {
    return meter.labels().model();
  }

  Events news() {
    // A request is counted after its duration is recorded: no new count, nothing to fetch yet.
    long answeredNow = meter.answeredCount();
    Distribution durationsNow =
        answeredNow == answered ? durations : Distribution.of(meter.durations(Stage.TOTAL));
    long failedNow = failedNow();
    Events news =
        new Events(durationsNow.since(durations), answeredNow - answered, failedNow - failed);
    durations = durationsNow;
    answered = answeredNow;
    failed = failedNow;
    return news;
  }

  private long failedNow() {
    long[] sum = new long[1];
    meter.failures().forEach((outcome, count) -> sum[0] += Blame.onServer(outcome) ? count : 0);
    return sum[0];
  }
}
