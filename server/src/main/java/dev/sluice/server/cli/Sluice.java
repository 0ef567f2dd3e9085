// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The whole command line: {@code sluice COMMAND [flags]}. */
public final class Sluice {
  private static final int WIDTH = 100;

  private Sluice() {}

  /** Runs one command and returns its exit code: see {@link ExitCode}. */
  public static int run(Surroundings surroundings, String... args) {
    CommandLine line = new CommandLine(root(surroundings));
    line.setOut(writer(surroundings.out()));
    line.setErr(writer(surroundings.err()));
    line.setUsageHelpWidth(WIDTH);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(new UsageErrors());
    line.setExecutionExceptionHandler(new Failures());
    int code = line.execute(args);
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }

  /** A command with {@code --help}; {@code action} runs when it is called. */
  static CommandSpec command(String name, String summary, Callable<Integer> action) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(action).name(name);
    spec.usageMessage().description(summary).abbreviateSynopsis(true).sortOptions(false);
    spec.addOption(
        OptionSpec.builder("--help")
            .usageHelp(true)
            .description("Show this help and stop")
            .build());
    return spec;
  }

  private static CommandSpec root(Surroundings surroundings) {
    MissingCommand missing = new MissingCommand();
    CommandSpec root = command("sluice", "An inference server for the JVM.", missing);
    missing.of(root);
    root.usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .commandListHeading("%nCommands:%n")
        .footer(
            "",
            "Examples:",
            "  sluice serve",
            "  sluice serve --model-repository ./models --grpc-port 9001",
            "  sluice quantize all-minilm-l6-v2",
            "  sluice doctor",
            "",
            "Beside these, 'sluice loadtest' puts load on a gRPC server, with ghz's flags, and 'sluice bench'",
            "measures what requests and scheduling cost: see sluice loadtest --help and sluice bench --help.",
            "",
            "Exit codes: 0 good, 1 failed, 2 bad usage, 98 inconclusive, 99 SLO breached.");
    root.addSubcommand("serve", new ServeCommand(surroundings).spec());
    root.addSubcommand("quantize", new QuantizeCommand(surroundings).spec());
    root.addSubcommand("doctor", new DoctorCommand(surroundings).spec());
    root.addSubcommand("health", new HealthCommand(surroundings).spec());
    root.addSubcommand("slo-check", new SloCheckCommand(surroundings).spec());
    root.addSubcommand("version", new VersionCommand(surroundings).spec());
    return root;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
