// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.ServerBench.Plan;
import dev.sluice.loadtest.load.LoadException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final int MOST_ROUNDS = 1000;
  private static final double MOST_SECONDS = 600;

  private final Path home;
  private final LongSupplier nanoTime;
  private final CommandSpec spec;

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
    flag("--callers", "N,N,...", "How many callers at a time; default: 1,8,64", List.class);
    flag("--rounds", "N", "How often everything is measured; default: 5", Integer.class);
    flag("--seconds", "S", "How long one measurement takes; default: 2", Double.class);
    flag("--server", "FILE", "The sluice whose server is measured; default: this one", Path.class);
    spec.addOption(
        OptionSpec.builder("--quick")
            .type(boolean.class)
            .description("Two rounds of 0.3 s where not said otherwise: to see that it works")
            .build());
  }

  public CommandSpec spec() {
    return spec;
  }

  private void flag(String name, String label, String what, Class<?> type) {
    OptionSpec.Builder option =
        OptionSpec.builder(name).paramLabel(label).description(what).type(type);
    if (type == List.class) {
      option.auxiliaryTypes(Integer.class).splitRegex(",").arity("1");
    }
    spec.addOption(option.build());
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandLine line = spec.commandLine();
    Plan plan = plan();
    Path server = given("--server", home.resolve("bin").resolve("sluice"));
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
    boolean quick = given("--quick", false);
    List<Integer> callers = given("--callers", List.of(1, 8, 64));
    int rounds = given("--rounds", quick ? 2 : 5);
    double seconds = given("--seconds", quick ? 0.3 : 2.0);
    callers.forEach(count -> require("--callers", count, MOST_CALLERS));
    require("--rounds", rounds, MOST_ROUNDS);
    if (!(seconds >= 0.05 && seconds <= MOST_SECONDS)) {
      throw wrong("--seconds", "0.05", MOST_SECONDS, seconds);
    }
    return new Plan(
        callers.stream().distinct().sorted().toList(),
        rounds,
        Duration.ofNanos((long) (seconds * 1e9)));
  }

  private void require(String flag, int value, int most) {
    if (value < 1 || value > most) {
      throw wrong(flag, "1", most, value);
    }
  }

  private ParameterException wrong(String flag, String least, Number most, Number value) {
    return new ParameterException(
        spec.commandLine(), flag + " must be from " + least + " to " + most + ", not " + value);
  }

  private <T> T given(String flag, T otherwise) {
    return spec.commandLine().getParseResult().matchedOptionValue(flag, otherwise);
  }
}
