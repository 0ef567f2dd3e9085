// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.ServerBench.Plan;
import dev.sluice.loadtest.load.LoadException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code sluice bench server}. */
public final class ServerBenchCommand implements Callable<Integer> {
  private static final int MOST_CALLERS = 4096;
  private static final double MOST_SECONDS = 600;

  private final Path home;
  private final LongSupplier nanoTime;
  private final CommandSpec spec;
  private final MeasuringFlags flags;

  /**
   * @param home the distribution's folder
   */
  public ServerBenchCommand(Path home, LongSupplier nanoTime) {
    this.home = home;
    this.nanoTime = nanoTime;
    this.spec = CommandSpec.wrapWithoutInspection(this).name("server");
    spec.usageMessage()
        .description(
            "What a request through the server costs, beside the same model, texts and batches"
                + " in-process; and what a request costs that does nothing. Starts the server and"
                + " everything else it needs, and ends it.")
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .footer(
            "",
            "Costs are processor time of the measured process. The last line is",
            "  RESULT grpc_efficiency=<gRPC / in-process> http_efficiency=<base64 / in-process>",
            "         noop_grpc_rps_per_core=<n> noop_http_rps_per_core=<n>",
            "at the largest number of callers, the median of all rounds.");
    flags = new MeasuringFlags(spec);
    spec.addOption(
        OptionSpec.builder("--callers")
            .paramLabel("N,N,...")
            .description("How many callers at a time; default: 1,8,64")
            .type(List.class)
            .auxiliaryTypes(Integer.class)
            .splitRegex(",")
            .arity("1")
            .build());
    flags.add("5", "2", "Two rounds of 0.3 s where not said otherwise: to see that it works");
    flags.add(
        "--server", "FILE", "The sluice whose server is measured; default: this one", Path.class);
  }

  public CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandLine line = spec.commandLine();
    Plan plan = plan();
    Path server = flags.given("--server", home.resolve("bin").resolve("sluice"));
    if (!Files.isExecutable(server)) {
      throw new ParameterException(line, "--server: " + server + " cannot be run");
    }
    PrintWriter progress = line.getErr();
    try (ServerBench bench =
        new ServerBench(plan, server, TemporaryFolder.create(), nanoTime, progress)) {
      new Report(bench.run()).print(line.getOut());
      return CommandLine.ExitCode.OK;
    } catch (IOException | LoadException failed) {
      progress.println("sluice: " + failed.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private Plan plan() {
    boolean quick = flags.quick();
    List<Integer> callers = flags.given("--callers", List.of(1, 8, 64));
    callers.forEach(count -> flags.require("--callers", count, MOST_CALLERS));
    return new Plan(
        callers.stream().distinct().sorted().toList(),
        flags.rounds(quick ? 2 : 5),
        flags.seconds(quick ? 0.3 : 2.0, MOST_SECONDS));
  }
}
