// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.proto.v1.AvailabilityStatus;
import dev.sluice.proto.v1.LatencyStatus;
import dev.sluice.proto.v1.ModelSlos;
import dev.sluice.proto.v1.SloCheckResponse;
import dev.sluice.proto.v1.SloStatus;
import dev.sluice.server.slo.Objective;
import dev.sluice.server.slo.SloReport;
import dev.sluice.server.slo.Verdict;

/** The verdicts as messages; also what the admin port makes its JSON from. */
public final class SloMessages {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MILLIS_PER_SECOND = 1e3;

  private SloMessages() {}

  public static SloCheckResponse response(SloReport report) {
    SloCheckResponse.Builder response =
        SloCheckResponse.newBuilder().setVerdict(verdict(report.verdict()));
    for (SloReport.Model model : report.models()) {
      ModelSlos.Builder slos =
          ModelSlos.newBuilder()
              .setModel(model.name())
              .setLoaded(model.loaded())
              .setVerdict(verdict(model.verdict()));
      model.statuses().forEach(status -> slos.addObjectives(status(status)));
      response.addModels(slos);
    }
    return response.build();
  }

  private static SloStatus status(SloReport.Status status) {
    Objective objective = status.objective();
    SloStatus.Builder message =
        SloStatus.newBuilder()
            .setName(objective.name())
            .setVerdict(verdict(status.verdict()))
            .setReason(status.reason())
            .setWindowSeconds(objective.window().toMillis() / MILLIS_PER_SECOND)
            .setMinRequests(objective.minRequests())
            .setTotal(status.total())
            .setGood(status.good())
            .setBudgetLeft(status.budgetLeft())
            .setBurnRate(status.burnRate())
            .setBurnRateShort(status.burnRateShort());
    double percent = Double.parseDouble(objective.target().percent());
    switch (objective) {
      case Objective.Latency latency -> {
        LatencyStatus.Builder measured =
            LatencyStatus.newBuilder()
                .setPercentile(percent)
                .setUnderMs(latency.under().toNanos() / NANOS_PER_MILLI);
        status.measured().ifPresent(nanos -> measured.setMeasuredMs(nanos / NANOS_PER_MILLI));
        message.setLatency(measured);
      }
      case Objective.Availability ignored -> {
        AvailabilityStatus.Builder measured = AvailabilityStatus.newBuilder().setPercent(percent);
        status.measured().ifPresent(measured::setMeasuredPercent);
        message.setAvailability(measured);
      }
    }
    return message.build();
  }

  private static SloCheckResponse.Verdict verdict(Verdict verdict) {
    return switch (verdict) {
      case PASS -> SloCheckResponse.Verdict.PASS;
      case BREACH -> SloCheckResponse.Verdict.BREACH;
      case NO_DATA -> SloCheckResponse.Verdict.NO_DATA;
    };
  }
}
