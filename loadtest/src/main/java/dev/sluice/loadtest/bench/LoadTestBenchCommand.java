// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.LoadTestBench.Closed;
import dev.sluice.loadtest.bench.LoadTestBench.Half;
import dev.sluice.loadtest.bench.LoadTestBench.Plan;
import dev.sluice.loadtest.bench.LoadTestBench.Round;
import dev.sluice.loadtest.load.LoadException;
import dev.sluice.loadtest.run.RunException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sluice bench loadtest}. */
public final class LoadTestBenchCommand implements Callable<Integer> {
  private static final double MOST_SECONDS = 600;

  private final LongSupplier nanoTime;
  private final CommandSpec spec;
  private final MeasuringFlags flags;

  public LoadTestBenchCommand(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.spec = CommandSpec.wrapWithoutInspection(this).name("loadtest");
    spec.usageMessage()
        .description(
            "What the load generator can do by itself: calls of a server that does nothing, in a"
                + " process of its own, and how late calls are sent at half of that rate.")
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .footer(
            "",
            "The last line is, medians of all rounds,",
            "  RESULT rps_per_core=<calls per second of one loop, which has one core at most>",
            "         send_lag_p99_us=<microseconds>");
    flags = new MeasuringFlags(spec);
    flags.add("5", "3", "Two rounds of 0.3 s where not said otherwise: to see that it works");
  }

  public CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan plan = plan();
    CommandLine line = spec.commandLine();
    try {
      print(
          new LoadTestBench(plan, nanoTime, line.getErr()).run(TemporaryFolder.create()),
          line.getOut());
      return CommandLine.ExitCode.OK;
    } catch (IOException | LoadException | RunException failed) {
      line.getErr().println("sluice: " + failed.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private Plan plan() {
    boolean quick = flags.quick();
    return new Plan(flags.rounds(quick ? 2 : 5), flags.seconds(quick ? 0.3 : 3.0, MOST_SECONDS));
  }

  private static void print(List<Round> rounds, PrintWriter out) {
    out.println("closed loop: calls at a time, per second, per CPU-second, p99 in us");
    for (Round round : rounds) {
      for (Closed closed : round.closed()) {
        out.printf(
            Locale.ROOT,
            "%6d %10.0f %10.0f %10.0f%n",
            closed.concurrency(),
            closed.perSecond(),
            closed.perCpuSecond(),
            closed.p99Micros());
      }
    }
    out.println("half of that: calls per second, send lag p99 in us, late, response p99 in us");
    for (Round round : rounds) {
      Half half = round.half();
      out.printf(
          Locale.ROOT,
          "%10d %10.0f %9.2f%% %10.0f%n",
          half.rate(),
          half.lagP99Micros(),
          half.lateShare() * 100,
          half.p99Micros());
    }
    out.printf(
        Locale.ROOT,
        "RESULT rps_per_core=%.0f send_lag_p99_us=%.0f%n",
        Spread.of(rounds.stream().map(round -> round.best().perSecond()).toList()).median(),
        Spread.of(rounds.stream().map(round -> round.half().lagP99Micros()).toList()).median());
    out.flush();
  }
}
