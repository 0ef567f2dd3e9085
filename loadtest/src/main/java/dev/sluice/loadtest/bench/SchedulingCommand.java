// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.sim.SchedulingComparison;
import dev.sluice.batching.sim.SchedulingComparison.Options;
import dev.sluice.batching.sim.SchedulingReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code sluice bench scheduling}. */
public final class SchedulingCommand implements Callable<Integer> {
  private static final int MOST_TRACE_BYTES = 32 << 20;
  private static final double QUICK_SCALE = 0.3;

  private final NanoClock cpuTime;
  private final CommandSpec spec;

  /**
   * @param cpuTime of the thread that asks
   */
  public SchedulingCommand(NanoClock cpuTime) {
    this.cpuTime = cpuTime;
    this.spec = CommandSpec.wrapWithoutInspection(this).name("scheduling");
    spec.usageMessage()
        .description(
            "The batcher beside the policies of other servers: the same arrivals on the same lanes,"
                + " in virtual time. The same seed gives the same figures on any machine; only"
                + " ns_per_item is measured here.")
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .footer(
            "",
            "A trace is a line for each request, in order of time:",
            "  <seconds> <tokens> [<seconds until its answer is late>]    # comment",
            "The last line is, on mixed lengths and the GPU,",
            "  RESULT goodput_vs_best_peer_mixed_80=<ratio> goodput_vs_best_peer_mixed_120=<ratio>",
            "         goodput_share_2x=<of peak> goodput_share_5x=<..> goodput_share_10x=<..>",
            "         p99_overload_ratio=<p99 / p99 at 80 %% load> ns_per_item=<processor time>",
            "Exit codes: 0 all targets are met, 1 one is missed, 2 bad usage.");
    flag("--seed", "N", "Of arrivals, lengths and noise; default: 1", Long.class);
    flag(
        "--scale", "F", "Virtual time, from 0.01 to 100 times the usual; default: 1", Double.class);
    flag("--trace", "FILE", "Compare on these arrivals as well", Path.class);
    spec.addOption(
        OptionSpec.builder("--quick")
            .type(boolean.class)
            .description(
                "A scale of 0.3 where not said otherwise: half of the time, figures less settled")
            .build());
  }

  public CommandSpec spec() {
    return spec;
  }

  private void flag(String name, String label, String what, Class<?> type) {
    spec.addOption(OptionSpec.builder(name).paramLabel(label).description(what).type(type).build());
  }

  @Override
  public Integer call() {
    Options options = options();
    PrintWriter progress = spec.commandLine().getErr();
    SchedulingReport report = SchedulingComparison.run(options, progress::println);
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.table());
    out.print(report.verdicts());
    out.println(report.resultLine());
    out.flush();
    return report.meetsTargets() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private Options options() {
    double scale = given("--scale", given("--quick", false) ? QUICK_SCALE : 1.0);
    try {
      return new Options(given("--seed", 1L), scale, trace(), cpuTime);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  private List<String> trace() {
    if (!spec.commandLine().getParseResult().hasMatchedOption("--trace")) {
      return List.of();
    }
    Path file = given("--trace", Path.of(""));
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(MOST_TRACE_BYTES + 1);
      if (bytes.length > MOST_TRACE_BYTES) {
        throw new IllegalArgumentException("--trace: " + file + " is larger than 32 MiB");
      }
      // An empty file is a trace without a request, and not no trace.
      return List.of(new String(bytes, StandardCharsets.UTF_8).split("\\R", -1));
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--trace: " + file + " cannot be read", e);
    }
  }

  private <T> T given(String flag, T otherwise) {
    return spec.commandLine().getParseResult().matchedOptionValue(flag, otherwise);
  }
}
