// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.OwnCounts;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.ServerStatistics;
import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What a summary says behind ghz's: latencies from the intended start and from the send side by
 * side, whether the generator kept up, and the verdicts. Nothing for a run that ghz could have
 * made.
 */
public final class TruthFormat {
  private TruthFormat() {}

  /**
   * @param asked whether somebody asked for these percentiles
   */
  public static void write(RunResult run, List<Double> percentiles, boolean asked, Writer out)
      throws IOException {
    boolean intended = run.latencyFrom() == LatencyFrom.INTENDED;
    boolean told = run.server().durations().isPresent();
    if ((intended || asked || told) && run.latencies().response().getTotalCount() > 0) {
      latencies(Columns.of(run, percentiles), out);
    }
    own(run.own(), out);
    if (run.own().cutOff() > 0 && (intended || !run.verdicts().isEmpty())) {
      out.write("Cut off:\t" + run.own().cutOff() + " calls, as the run was over; ");
      out.write("to thresholds they are no errors\n\n");
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

  private static void own(OwnCounts own, Writer out) throws IOException {
    if (own.dropped() > 0) {
      out.write("Dropped:\t" + own.dropped() + " calls, as too many were under way\n\n");
    }
    if (own.resent() > 0) {
      out.write(
          "Sent again:\t" + own.resent() + " calls, whose connections were closed unanswered\n\n");
    }
    if (own.wrongAnswers() > 0) {
      out.write("Wrong answers:\t" + own.wrongAnswers() + "\n");
      for (Map.Entry<String, Long> wrong : own.wrong().entrySet()) {
        out.write("  " + wrong.getValue() + "\t" + wrong.getKey() + "\n");
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

  private static void latencies(Columns columns, Writer out) throws IOException {
    boolean told = columns.views().containsKey(Columns.SERVER);
    out.write("Latency from the intended start, ");
    out.write(told ? "from the send, and the server's own:\n" : "and from the send:\n");
    for (double percentile : columns.percentiles()) {
      out.write("  " + GoNumbers.value(percentile) + " %");
      for (Histogram view : columns.views().values()) {
        out.write("\t" + Durations.text(view.getValueAtPercentile(percentile)));
      }
      out.write("\n");
    }
    out.write("  max");
    for (Histogram view : columns.views().values()) {
      out.write("\t" + Durations.text(view.getMaxValue()));
    }
    out.write("\n");
    if (told) {
      out.write("  calls");
      for (Histogram view : columns.views().values()) {
        out.write("\t" + view.getTotalCount());
      }
      out.write("\n");
    }
    out.write("\n");
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
