// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest;

import dev.sluice.loadtest.bench.LoadTestBenchCommand;
import dev.sluice.loadtest.bench.SchedulingCommand;
import dev.sluice.loadtest.bench.ServerBenchCommand;
import dev.sluice.loadtest.bench.engine.EngineBenchCommand;
import dev.sluice.loadtest.bench.gpu.GpuCheckCommand;
import dev.sluice.loadtest.command.LoadTestCommand;
import dev.sluice.loadtest.command.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code sluice bench}, {@code sluice loadtest} and {@code sluice gpu-check}: a program of its own,
 * since nothing may know the server that it measures. The launcher says in {@code sluice.home}
 * where the distribution is.
 */
public final class Main {
  private static final int WIDTH = 100;

  private Main() {}

  public static void main(String[] args) {
    System.exit(
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args));
  }

  /** Runs one command in this process and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    if (args.length > 0 && args[0].equals("loadtest")) {
      return loadTest(out, err, Arrays.asList(args).subList(1, args.length));
    }
    Path home = Path.of(System.getProperty("sluice.home", "."));
    CommandSpec server = new ServerBenchCommand(home, System::nanoTime).spec();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    CommandSpec scheduling = new SchedulingCommand(threads::getCurrentThreadCpuTime).spec();
    Path cache = Path.of(System.getenv().getOrDefault("SLUICE_CACHE", "."));
    CommandSpec engine = new EngineBenchCommand(cache, System::nanoTime).spec();
    CommandSpec generator = new LoadTestBenchCommand(System::nanoTime).spec();
    CommandSpec gpuCheck =
        new GpuCheckCommand(home, cache, System::nanoTime, LocalDate::now, System::exit).spec();
    return line(bench(server, scheduling, engine, generator), gpuCheck)
        .setOut(out)
        .setErr(err)
        .execute(args);
  }

  /** Where there is no such link, as on other systems than Linux, it is taken for none. */
  private static boolean terminal() {
    try {
      String err = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return err.startsWith("/dev/pts/") || err.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  private static int loadTest(PrintWriter out, PrintWriter err, List<String> args) {
    // gRPC's own log repeats what a report counts, and what an error says.
    LogManager.getLogManager().reset();
    String version = Main.class.getPackage().getImplementationVersion();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Surroundings surroundings =
        new Surroundings(
            System.in,
            out,
            err,
            System::nanoTime,
            threads::getCurrentThreadCpuTime,
            InstantSource.system(),
            name -> System.getenv().getOrDefault(name, ""),
            Runtime.getRuntime().availableProcessors(),
            new Signals(),
            version == null ? "dev" : version,
            true,
            terminal());
    try {
      return new LoadTestCommand(surroundings).run(args);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static CommandSpec bench(CommandSpec... benches) {
    CommandSpec bench = group("bench", "Measure Sluice beside what it is made of.");
    for (CommandSpec each : benches) {
      bench.addSubcommand(each.name(), withHelp(each));
    }
    return bench;
  }

  private static CommandLine line(CommandSpec bench, CommandSpec gpuCheck) {
    CommandSpec root = group("sluice", "Programs that measure.");
    root.addSubcommand("bench", bench);
    root.addSubcommand("gpu-check", withHelp(gpuCheck));
    CommandLine line = new CommandLine(root);
    line.setUsageHelpWidth(WIDTH);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(Main::badUsage);
    return line;
  }

  /** A command that is only there for those below it. */
  private static CommandSpec group(String name, String summary) {
    CommandSpec[] spec = new CommandSpec[1];
    Runnable missing =
        () -> {
          throw new ParameterException(
              spec[0].commandLine(),
              "a command is missing: one of " + String.join(", ", spec[0].subcommands().keySet()));
        };
    spec[0] = CommandSpec.wrapWithoutInspection(missing).name(name);
    spec[0].usageMessage().description(summary).synopsisSubcommandLabel("COMMAND");
    return withHelp(spec[0]);
  }

  private static CommandSpec withHelp(CommandSpec spec) {
    return spec.addOption(
        OptionSpec.builder("--help")
            .usageHelp(true)
            .description("Show this help and stop")
            .build());
  }

  private static int badUsage(ParameterException failure, String[] args) {
    CommandSpec spec = failure.getCommandLine().getCommandSpec();
    failure.getCommandLine().getErr().println("sluice: " + failure.getMessage());
    failure.getCommandLine().getErr().println("Try '" + spec.qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }
}
