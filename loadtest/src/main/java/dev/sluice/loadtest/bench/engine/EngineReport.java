// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import dev.sluice.loadtest.bench.Spread;
import dev.sluice.loadtest.bench.engine.EngineBench.Entry;
import dev.sluice.models.derive.Receipt;
import dev.sluice.models.fidelity.Fidelity;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** The tables, and the line that scripts read. */
record EngineReport(EngineResults results) {
  private static final String SPEEDS = "%6s  %-35s %5s %9s %-17s %6s %-13s %8s%n";
  private static final String CLOSENESS = "%-43s %9s %9s %9s %9s %9s%n";
  private static final int USUAL_LENGTH = 128;

  void print(PrintWriter out) {
    out.println("peak, one matrix product on all cores, billion operations/s:");
    out.println("  FP32 " + peak(Ceiling::fp32) + ", INT8 " + peak(Ceiling::int8));
    out.println();
    out.printf(
        SPEEDS,
        "tokens",
        "way",
        "rows",
        "tokens/s",
        "(least..most)",
        "/stock",
        "(least..most)",
        "of peak");
    for (int length : results.lengths()) {
      results.entries(length).forEach(entry -> speeds(out, entry));
    }
    out.println();
    out.printf(CLOSENESS, "cosine to FP32", "mean", "p1", "least", "in batch", "top 10");
    results.entries(results.lengths().getFirst()).stream()
        .map(entry -> entry.contender())
        .forEach(
            contender -> contender.receipt().ifPresent(made -> closeness(out, contender, made)));
    out.println();
    out.println(resultLine());
    out.flush();
  }

  private void speeds(PrintWriter out, Entry entry) {
    Spread speed = Spread.of(results.of(entry));
    Spread ratio = Spread.of(results.ratios(entry, stock(entry.length())));
    out.printf(
        SPEEDS,
        entry.length(),
        entry.contender().kind().words(),
        entry.rows(),
        rounded(0, speed.median()),
        range(0, speed),
        rounded(2, ratio.median()),
        range(2, ratio),
        rounded(2, Spread.of(results.shares(entry)).median()));
  }

  private static void closeness(PrintWriter out, Contender contender, Receipt made) {
    Fidelity fidelity = made.fidelity();
    out.printf(
        CLOSENESS,
        contender.kind().words(),
        rounded(6, fidelity.cosineMean()),
        rounded(6, fidelity.cosineP1()),
        rounded(6, fidelity.cosineMin()),
        rounded(6, fidelity.batchCosineMin()),
        rounded(3, fidelity.neighbours()));
  }

  private String resultLine() {
    StringBuilder line = new StringBuilder("RESULT");
    for (int length : results.lengths()) {
      append(line, "int8_vs_stock_fp32_" + length, 3, versusStock(Kind.INT8, length));
    }
    Fidelity served = served();
    append(line, "int8_cos_mean", 6, served.cosineMean());
    append(line, "int8_cos_p1", 6, served.cosineP1());
    append(line, "int8_batch_cos_min", 7, served.batchCosineMin());
    int length =
        results.lengths().contains(USUAL_LENGTH) ? USUAL_LENGTH : results.lengths().getFirst();
    append(
        line,
        "int8_ceiling_share",
        3,
        Spread.of(results.shares(entry(Kind.INT8, length))).median());
    append(line, "fp32_vs_stock_fp32_" + length, 3, versusStock(Kind.FP32, length));
    return line.toString();
  }

  /** Whether the scheme that is served by default is as fast and as near as it should be. */
  boolean meetsTargets() {
    Fidelity served = served();
    return results.lengths().stream()
            .allMatch(length -> versusStock(Kind.INT8, length) >= Targets.speed(length))
        && served.cosineMean() >= Targets.COSINE_MEAN
        && served.batchCosineMin() >= Targets.BATCH_COSINE;
  }

  private Fidelity served() {
    return entry(Kind.INT8, results.lengths().getFirst())
        .contender()
        .receipt()
        .map(Receipt::fidelity)
        .orElseThrow();
  }

  private double versusStock(Kind kind, int length) {
    return Spread.of(results.ratios(entry(kind, length), stock(length))).median();
  }

  /** The faster of the two ways to call the engine as it comes. */
  private Entry stock(int length) {
    return results.entries(length).stream()
        .filter(entry -> entry.contender().kind().stock())
        .max(Comparator.comparingDouble(entry -> Spread.of(results.of(entry)).median()))
        .orElseThrow();
  }

  private Entry entry(Kind kind, int length) {
    List<Entry> found =
        results.entries(length).stream().filter(entry -> entry.contender().kind() == kind).toList();
    return Objects.requireNonNull(found.getFirst());
  }

  private String peak(ToDoubleFunction<Ceiling> which) {
    List<Double> billions =
        results.ceilings().stream().map(ceiling -> which.applyAsDouble(ceiling) / 1e9).toList();
    Spread spread = Spread.of(billions);
    return rounded(0, spread.median()) + " " + range(0, spread);
  }

  private static void append(StringBuilder line, String key, int digits, double value) {
    line.append(' ').append(key).append('=').append(rounded(digits, value));
  }

  private static String range(int digits, Spread spread) {
    return "(" + rounded(digits, spread.least()) + ".." + rounded(digits, spread.most()) + ")";
  }

  private static String rounded(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
