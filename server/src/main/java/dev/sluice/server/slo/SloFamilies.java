// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import dev.sluice.server.telemetry.GaugeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The verdicts as metrics; without objectives, no family at all. */
public final class SloFamilies implements GaugeSource {
  private final SloBook book;

  public SloFamilies(SloBook book) {
    this.book = book;
  }

  @Override
  public void write(Gauges out) {
    SloReport report = book.report();
    if (report.models().stream().allMatch(model -> model.statuses().isEmpty())) {
      return;
    }
    out.gauge(
        "sluice_slo_burn_rate",
        "Share of bad requests over the share allowed, in the window and in its last twelfth.");
    each(
        report,
        (labels, status) -> {
          out.sample(with(labels, "window", "full"), status.burnRate());
          out.sample(with(labels, "window", "short"), status.burnRateShort());
        });
    out.gauge(
        "sluice_slo_budget_left",
        "Share of the allowed bad requests of the window that is left; below 0 when overspent.");
    each(report, (labels, status) -> out.sample(labels, status.budgetLeft()));
    out.gauge("sluice_slo_verdict", "1 for the verdict that holds, 0 for the others.");
    each(
        report,
        (labels, status) -> {
          for (Verdict verdict : Verdict.values()) {
            out.sample(
                with(labels, "verdict", verdict.label()), status.verdict() == verdict ? 1 : 0);
          }
        });
  }

  private static void each(SloReport report, BiConsumer<List<String>, SloReport.Status> write) {
    for (SloReport.Model model : report.models()) {
      for (SloReport.Status status : model.statuses()) {
        write.accept(
            List.of("model", model.name(), "objective", status.objective().name()), status);
      }
    }
  }

  private static List<String> with(List<String> labels, String name, String value) {
    List<String> more = new ArrayList<>(labels);
    more.add(name);
    more.add(value);
    return more;
  }
}
