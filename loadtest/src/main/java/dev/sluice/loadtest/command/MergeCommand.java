// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.OptionsException;
import dev.sluice.loadtest.ghz.Percentiles;
import dev.sluice.loadtest.report.HgrmFormat;
import dev.sluice.loadtest.report.HlogReader;
import dev.sluice.loadtest.report.Merge;
import dev.sluice.loadtest.report.Report;
import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.report.ReportFormat;
import dev.sluice.loadtest.report.TruthFormat;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.verdict.ExitCodes;
import dev.sluice.loadtest.verdict.Judge;
import dev.sluice.loadtest.verdict.Threshold;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code sluice loadtest merge}: the interval logs of several generators as one report. */
final class MergeCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  private final CommandSpec spec;

  MergeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec = CommandSpec.wrapWithoutInspection(this).name("sluice loadtest merge");
    spec.usageMessage()
        .description("One report of what several generators measured: their --hlog files.")
        .sortOptions(false);
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(Path.class)
            .description("Interval logs")
            .build());
    flag("Format of the report; default: summary", String.class, "-O", "--format");
    flag("File of the report; otherwise stdout", Path.class, "-o", "--output");
    flag("File of the percentile distribution", Path.class, "--hgrm");
    flag("Percentiles to report, by comma; default: 50,95,99,99.9", String.class, "--percentiles");
    spec.addOption(
        OptionSpec.builder("--slo")
            .paramLabel("TEXT")
            .description("A threshold such as p(99)<50; may be given several times")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .build());
  }

  private void flag(String what, Class<?> type, String... names) {
    String label = type == Path.class ? "FILE" : "TEXT";
    spec.addOption(
        OptionSpec.builder(names).paramLabel(label).description(what).type(type).build());
  }

  int run(List<String> args) {
    CommandLine line = new CommandLine(spec);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setExpandAtFiles(false);
    line.setOut(surroundings.out()).setErr(surroundings.err());
    line.setParameterExceptionHandler(
        (failure, words) -> told(failure, CommandLine.ExitCode.USAGE));
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> told(failure, CommandLine.ExitCode.SOFTWARE));
    return line.execute(args.toArray(String[]::new));
  }

  private int told(Exception why, int code) {
    surroundings.err().println("sluice: " + why.getMessage());
    return code;
  }

  @Override
  public Integer call() throws IOException {
    List<String> slo = given("--slo", List.of());
    List<Threshold> thresholds;
    List<Double> percentiles;
    ReportFormat format;
    try {
      String asked = given("--percentiles", "");
      percentiles =
          asked.isEmpty() ? Percentiles.USUAL : Percentiles.parse(List.of(asked.split(",", -1)));
      thresholds = slo.stream().map(Threshold::parse).toList();
      format = ReportFormat.named(given("--format", "summary"));
    } catch (ReportException | OptionsException e) {
      return told(e, CommandLine.ExitCode.USAGE);
    }
    List<Path> files = spec.positionalParameters().getFirst().getValue();
    if (files == null || files.isEmpty()) {
      return told(new ReportException("merge: a FILE is missing"), CommandLine.ExitCode.USAGE);
    }
    RunResult merged = Merge.of(files.stream().map(HlogReader::read).toList());
    RunResult run = merged.with(Judge.judge(merged, thresholds));
    Path file = spec.findOption("--output").getValue();
    if (file == null) {
      write(run, format, percentiles, surroundings.out());
    } else {
      WholeFile.text(file, out -> write(run, format, percentiles, out));
    }
    Path hgrm = spec.findOption("--hgrm").getValue();
    if (hgrm != null) {
      Histogram times = run.latencies().histogram(run.latencyFrom());
      WholeFile.write(hgrm, out -> HgrmFormat.write(times, out));
    }
    return ExitCodes.of(run.verdicts());
  }

  private static void write(
      RunResult run, ReportFormat format, List<Double> percentiles, Writer out) throws IOException {
    format.write(Report.of(run, percentiles), out);
    if (format == ReportFormat.SUMMARY) {
      TruthFormat.write(run, percentiles, true, out);
    }
    out.flush();
  }

  private <T> T given(String flag, T otherwise) {
    return spec.commandLine().getParseResult().matchedOptionValue(flag, otherwise);
  }
}
