// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.ServerStatistics;
import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a summary says behind ghz's: latencies from the intended start and from the send side by
 * side, whether the generator kept up, and the verdicts. Nothing for a run that ghz could have
 * made.
 */
public final class TruthFormat {
  private TruthFormat() {}

  public static void write(RunResult run, List<Double> percentiles, Writer out) throws IOException {
    boolean intended = run.latencyFrom() == LatencyFrom.INTENDED;
    if (intended && run.latencies().response().getTotalCount() > 0) {
      latencies(run, percentiles, out);
    }
    if (run.dropped() > 0) {
      out.write("Dropped:\t" + run.dropped() + " calls, as too many were under way\n\n");
    }
    SelfCheck check = run.selfCheck();
    if (check != null && run.count() > 0 && (intended || !check.valid())) {
      out.write("Generator:\t" + (check.valid() ? "valid" : "INVALID") + ", send lag p99 ");
      out.write(Durations.text(check.sendLagP99Nanos()) + ", busiest loop ");
      out.write(GoNumbers.fixed(check.cpuShare() * 100, 0) + " % of a CPU\n");
      for (String reason : check.reasons()) {
        out.write("  " + reason + "\n");
      }
      out.write("\n");
    }
    server(run, out);
    if (!run.verdicts().isEmpty()) {
      out.write("Thresholds:\n");
      for (Verdict verdict : run.verdicts()) {
        verdict(verdict, out);
      }
      out.write("\n");
    }
  }

  /** The stages that the server has measured, beside what the client waited. */
  private static void server(RunResult run, Writer out) throws IOException {
    ServerStatistics server = run.server();
    if (server.stages().isEmpty()) {
      return;
    }
    long waited = run.latencies().service().getTotalCount();
    out.write("Server's view, on average:\n");
    for (ServerStatistics.Stage stage : server.stages()) {
      out.write("  " + stage.name() + "\t" + Durations.text(stage.meanNanos()));
      out.write("\t" + stage.count() + " times\n");
    }
    if (waited > 0) {
      long mean = run.latencies().serviceSumNanos() / waited;
      out.write("  client\t" + Durations.text(mean) + "\t" + waited + " times\n");
    }
    if (!server.batchSizes().isEmpty()) {
      String sizes =
          server.batchSizes().entrySet().stream()
              .map(size -> size.getValue() + " of " + size.getKey())
              .collect(Collectors.joining(", "));
      out.write("  batches\t" + sizes + "\n");
    }
    out.write("\n");
  }

  private static void latencies(RunResult run, List<Double> percentiles, Writer out)
      throws IOException {
    out.write("Latency from the intended start, and from the send:\n");
    for (double percentile : percentiles) {
      long response = run.latencies().response().getValueAtPercentile(percentile);
      long service = run.latencies().service().getValueAtPercentile(percentile);
      out.write("  " + GoNumbers.value(percentile) + " %\t" + Durations.text(response));
      out.write("\t" + Durations.text(service) + "\n");
    }
    out.write("  max\t" + Durations.text(run.latencies().response().getMaxValue()));
    out.write("\t" + Durations.text(run.latencies().service().getMaxValue()) + "\n\n");
  }

  private static void verdict(Verdict verdict, Writer out) throws IOException {
    String mark =
        switch (verdict.state()) {
          case PASS -> "\u2713";
          case FAIL -> "\u2717";
          case INCONCLUSIVE -> "?";
        };
    out.write("  " + mark + " " + verdict.demand() + "\t" + verdict.observed());
    out.write((verdict.reason().isEmpty() ? "" : "\t" + verdict.reason()) + "\n");
  }
}
