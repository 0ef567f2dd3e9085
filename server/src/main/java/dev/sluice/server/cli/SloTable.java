// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.proto.v1.AvailabilityStatus;
import dev.sluice.proto.v1.LatencyStatus;
import dev.sluice.proto.v1.ModelSlos;
import dev.sluice.proto.v1.SloCheckResponse;
import dev.sluice.proto.v1.SloStatus;
import dev.sluice.server.config.Quantities;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.http.json.ProtoJson;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Verdicts for people, and for programs. */
final class SloTable {
  private static final double PERCENT = 100;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final int DECIMALS = 4;

  private SloTable() {}

  /** As the admin port writes it, on one line. */
  static String json(SloCheckResponse response) {
    JsonWriter json = new JsonWriter();
    ProtoJson.write(json, response);
    return StandardCharsets.UTF_8.decode(json.written()).toString();
  }

  static void print(PrintStream out, SloCheckResponse response) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "model",
            "objective",
            "verdict",
            "promise",
            "measured",
            "window",
            "good",
            "of",
            "budget left",
            "burn rate",
            "short",
            ""));
    for (ModelSlos model : response.getModelsList()) {
      model.getObjectivesList().forEach(status -> rows.add(cells(model, status)));
    }
    if (rows.size() == 1) {
      out.println("no objectives");
    } else {
      Columns.print(out, rows);
    }
    out.println(word(response.getVerdict()));
  }

  private static List<String> cells(ModelSlos model, SloStatus status) {
    return List.of(
        clean(model.getModel()),
        clean(status.getName()),
        word(status.getVerdict()),
        promise(status),
        measured(status),
        window(status.getWindowSeconds()),
        Long.toString(status.getGood()),
        Long.toString(status.getTotal()),
        round(PERCENT * status.getBudgetLeft(), 1) + "%",
        round(status.getBurnRate(), 2),
        round(status.getBurnRateShort(), 2),
        (model.getLoaded() ? "" : "not loaded; ") + clean(status.getReason()));
  }

  private static String word(SloCheckResponse.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String promise(SloStatus status) {
    return switch (status.getObjectiveCase()) {
      case LATENCY -> {
        LatencyStatus latency = status.getLatency();
        yield "p"
            + round(latency.getPercentile(), DECIMALS)
            + " <= "
            + millis(latency.getUnderMs());
      }
      case AVAILABILITY -> ">= " + round(status.getAvailability().getPercent(), DECIMALS) + "%";
      case OBJECTIVE_NOT_SET -> "";
    };
  }

  private static String measured(SloStatus status) {
    LatencyStatus latency = status.getLatency();
    AvailabilityStatus availability = status.getAvailability();
    if (latency.hasMeasuredMs()) {
      return millis(latency.getMeasuredMs());
    }
    return availability.hasMeasuredPercent()
        ? round(availability.getMeasuredPercent(), DECIMALS) + "%"
        : "-";
  }

  private static String millis(double millis) {
    return round(millis, 2) + "ms";
  }

  private static String window(double seconds) {
    return Quantities.printDuration(Duration.ofMillis(Math.round(seconds * MILLIS_PER_SECOND)));
  }

  /** Without zeros at the end. */
  private static String round(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
