// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.command.Plans;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.load.LoadException;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.run.CallSource;
import dev.sluice.loadtest.run.LoadRun;
import dev.sluice.loadtest.run.PreparedCall;
import dev.sluice.loadtest.run.ReportingThread;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunLabels;
import dev.sluice.loadtest.run.RunListener;
import dev.sluice.loadtest.wire.Connections;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * What the load generator itself can do: how many calls a core of it makes of a server that does
 * nothing, and how late it sends at half of that. One loop and one connection, as each core has:
 * its calls in a second of the clock are what a core can do at least.
 */
final class LoadTestBench {
  private static final List<Integer> CONCURRENCIES = List.of(16, 64, 256);
  private static final Rpc RPC = Rpc.of("sluice.bench.Noop/Call", MethodType.UNARY);
  private static final ByteString REQUEST = ByteString.copyFrom(new byte[64]);
  private static final CallSource.Factory CALLS =
      loop -> (worker, number) -> PreparedCall.of(RPC, new Metadata(), List.of(REQUEST));

  private static final int MOST_WARM_UPS = 6;

  /** Share of the time that is called quiet. */
  private static final double MOST_COMPILING = 0.02;

  /** What a new connection needs. */
  private static final String SETTLE = "300ms";

  private final Plan plan;
  private final LongSupplier nanoTime;
  private final PrintWriter progress;

  record Plan(int rounds, Duration time) {}

  /**
   * @param perSecond calls of one loop
   * @param perCpuSecond calls for each second of processor time of the whole process
   */
  record Closed(int concurrency, double perSecond, double perCpuSecond, double p99Micros) {}

  record Half(long rate, double lagP99Micros, double lateShare, double p99Micros) {}

  record Round(List<Closed> closed, Half half) {
    Closed best() {
      return closed.stream()
          .max((a, b) -> Double.compare(a.perSecond(), b.perSecond()))
          .orElseThrow();
    }
  }

  LoadTestBench(Plan plan, LongSupplier nanoTime, PrintWriter progress) {
    this.plan = plan;
    this.nanoTime = nanoTime;
    this.progress = progress;
  }

  List<Round> run(Path folder) throws IOException, LoadException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            dev.sluice.loadtest.bench.noop.Main.class.getName(),
            "1"));
    List<Round> rounds = new ArrayList<>();
    try (Child server = Child.start(command, folder.resolve("noop.log"))) {
      String host = server.readLine();
      progress.println("warming up");
      warmUp(host);
      for (int round = 1; round <= plan.rounds(); round++) {
        progress.printf("round %d of %d%n", round, plan.rounds());
        rounds.add(round(host));
      }
    }
    return rounds;
  }

  /** Both kinds of run in turns, until the compilers have little left to do. */
  private void warmUp(String host) throws LoadException, InterruptedException {
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    for (int turn = 0; turn < MOST_WARM_UPS; turn++) {
      long before = compilers.getTotalCompilationTime();
      RunResult closed = measure(host, "-c64", time());
      paced(host, (int) Math.max(1, closed.perSecond() / 2));
      long compiling = compilers.getTotalCompilationTime() - before;
      if (compiling < MOST_COMPILING * 2 * plan.time().toMillis()) {
        return;
      }
    }
  }

  private RunResult paced(String host, int rate) throws LoadException, InterruptedException {
    return measure(host, "-c1000", "-r" + rate, "--warmup=" + SETTLE, time());
  }

  private Round round(String host) throws LoadException, InterruptedException {
    List<Closed> closed = new ArrayList<>();
    for (int concurrency : CONCURRENCIES) {
      long before = CpuTime.nanos(ProcessHandle.current());
      RunResult run = measure(host, "-c" + concurrency, time());
      double cpuSeconds = 1e-9 * (CpuTime.nanos(ProcessHandle.current()) - before);
      closed.add(
          new Closed(
              concurrency,
              run.perSecond(),
              run.count() / Math.max(0.01, cpuSeconds),
              run.latencies().service().getValueAtPercentile(99) / 1e3));
    }
    double most = closed.stream().mapToDouble(Closed::perSecond).max().orElse(2);
    int rate = (int) Math.max(1, most / 2);
    RunResult run = paced(host, rate);
    SelfCheck check = run.selfCheck();
    if (check == null) {
      throw new LoadException("the run has no self-check");
    }
    return new Round(
        closed,
        new Half(
            rate,
            check.sendLagP99Nanos() / 1e3,
            check.lateShare(),
            run.latencies().response().getValueAtPercentile(99) / 1e3));
  }

  private String time() {
    return String.format(Locale.ROOT, "-z%dms", plan.time().toMillis());
  }

  private RunResult measure(String host, String... flags)
      throws LoadException, InterruptedException {
    List<String> args =
        new ArrayList<>(
            List.of("--insecure", "--call=sluice.bench.Noop/Call", "--duration-stop=wait"));
    args.add(host);
    args.addAll(List.of(flags));
    Options options = Options.read(args, 1);
    LongSupplier threadCpu = ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
    try (Connections connections = Connections.open(options, nanoTime, threadCpu);
        ReportingThread reporter = ReportingThread.start()) {
      LoadRun.Reporting reporting =
          new LoadRun.Reporting(
              RunLabels.NONE, InstantSource.system(), reporter, null, RunListener.NONE);
      RunResult run = new LoadRun(Plans.of(options), connections, CALLS, reporting).start().get();
      if (run.statuses().getOrDefault("OK", 0L) == 0) {
        throw new LoadException("no call succeeded: " + run.errors().keySet());
      }
      return run;
    } catch (ExecutionException failed) {
      throw new LoadException("a run failed: " + failed.getCause());
    }
  }
}
