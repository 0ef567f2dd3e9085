// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The table, and the line that scripts read. */
record Report(Results results) {
  private static final String ROW = "%7s  %-18s %9s %9s %-17s %5s %-13s %6s %8s %8s%n";

  void print(PrintWriter out) {
    out.printf(
        ROW,
        "callers",
        "way",
        "per s",
        "per CPU-s",
        "(least..most)",
        "share",
        "(least..most)",
        "batch",
        "p50 ms",
        "p99 ms");
    for (int callers : results.callers()) {
      for (Way way : results.ways(callers)) {
        row(out, callers, way);
      }
    }
    int most = results.callers().getLast();
    out.printf(
        Locale.ROOT,
        "RESULT grpc_efficiency=%.3f http_efficiency=%.3f noop_grpc_rps_per_core=%.0f"
            + " noop_http_rps_per_core=%.0f%n",
        results.of(most, Way.GRPC, Sample::beside).median(),
        results.of(most, Way.HTTP_BASE64, Sample::beside).median(),
        results.of(most, Way.NOOP_GRPC, Sample::perCpuSecond).median(),
        results.of(most, Way.NOOP_HTTP, Sample::perCpuSecond).median());
    out.flush();
  }

  private void row(PrintWriter out, int callers, Way way) {
    boolean compared = !way.noop();
    out.printf(
        ROW,
        callers,
        way.words(),
        median(0, callers, way, Sample::perSecond),
        median(0, callers, way, Sample::perCpuSecond),
        range(0, callers, way, Sample::perCpuSecond),
        compared ? median(2, callers, way, Sample::beside) : "",
        compared ? range(2, callers, way, Sample::beside) : "",
        way == Way.IN_PROCESS ? "" : median(1, callers, way, sample -> sample.batches().mean()),
        median(2, callers, way, Sample::p50Millis),
        median(2, callers, way, Sample::p99Millis));
  }

  private String median(int digits, int callers, Way way, ToDoubleFunction<Sample> figure) {
    return rounded(digits, results.of(callers, way, figure).median());
  }

  private String range(int digits, int callers, Way way, ToDoubleFunction<Sample> figure) {
    Spread spread = results.of(callers, way, figure);
    return "(" + rounded(digits, spread.least()) + ".." + rounded(digits, spread.most()) + ")";
  }

  private static String rounded(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
