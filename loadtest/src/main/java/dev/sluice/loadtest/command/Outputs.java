// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.Percentiles;
import dev.sluice.loadtest.ghz.Truth;
import dev.sluice.loadtest.report.HgrmFormat;
import dev.sluice.loadtest.report.HlogWriter;
import dev.sluice.loadtest.report.JUnitFormat;
import dev.sluice.loadtest.report.Report;
import dev.sluice.loadtest.report.ReportFormat;
import dev.sluice.loadtest.report.TruthFormat;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.loadtest.run.RunListener;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The files that a run writes. Whether they can be written is seen before it begins, since nothing
 * can be done about it afterwards.
 */
final class Outputs implements Closeable {
  private final Options options;
  private final PrintWriter stdout;
  private final List<Closeable> kept = new ArrayList<>();
  private RunListener logs = RunListener.NONE;
  private @Nullable IntervalLog log;

  private Outputs(Options options, PrintWriter stdout) {
    this.options = options;
    this.stdout = stdout;
  }

  /**
   * @throws RunException naming the file that cannot be written
   */
  static Outputs of(Options options, Surroundings surroundings) {
    Truth truth = options.truth();
    writable("output", options.output().file());
    writable("hgrm", truth.hgrm());
    writable("junit", truth.junit());
    writable("golden-record", options.inference().goldenRecord());
    Outputs outputs = new Outputs(options, surroundings.out());
    if (truth.hlog().isPresent()) {
      outputs.log = new IntervalLog(outputs.open("hlog", truth.hlog().get()));
      outputs.listen(outputs.log);
    }
    if (options.output().debug().isPresent()) {
      OutputStream file = outputs.open("debug", options.output().debug().get());
      outputs.listen(new DebugLog(file, surroundings.clock()));
    }
    return outputs;
  }

  private OutputStream open(String flag, Path file) {
    try {
      return keep(new BufferedOutputStream(Files.newOutputStream(file)));
    } catch (IOException e) {
      throw unwritable(flag, file);
    }
  }

  private void listen(RunListener another) {
    logs = logs.and(another);
  }

  private static void writable(String flag, Optional<Path> file) {
    if (file.isPresent()) {
      Path folder = file.get().toAbsolutePath().getParent();
      boolean can =
          Files.exists(file.get())
              ? Files.isWritable(file.get()) && !Files.isDirectory(file.get())
              : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
      if (!can) {
        throw unwritable(flag, file.get());
      }
    }
  }

  private static RunException unwritable(String flag, Path file) {
    return new RunException(flag + ": " + file + " cannot be written");
  }

  /** Closes it with these. */
  <T extends Closeable> T keep(T resource) {
    kept.add(resource);
    return resource;
  }

  /** The files that are written as the run goes on. */
  RunListener logs() {
    return logs;
  }

  /** All of them, whether or not another can be written. */
  void write(RunResult run) throws IOException {
    Truth truth = options.truth();
    Report report = truth.ghzStrict() ? Report.strict(run) : Report.of(run, truth.percentiles());
    ReportFormat format = ReportFormat.named(options.output().format());
    Failures failures = new Failures();
    failures.of(
        "output",
        () -> {
          if (options.output().file().isPresent()) {
            WholeFile.text(options.output().file().get(), out -> report(run, report, format, out));
          } else {
            report(run, report, format, stdout);
            if (stdout.checkError()) {
              throw new IOException("stdout took no more");
            }
          }
        });
    if (truth.hgrm().isPresent()) {
      Histogram times = run.latencies().histogram(run.latencyFrom());
      failures.of(
          "hgrm", () -> WholeFile.write(truth.hgrm().get(), out -> HgrmFormat.write(times, out)));
    }
    if (truth.junit().isPresent()) {
      failures.of(
          "junit", () -> WholeFile.text(truth.junit().get(), out -> JUnitFormat.write(run, out)));
    }
    if (log != null && log.failed()) {
      failures.of(
          "hlog",
          () -> {
            throw new IOException("it is not whole");
          });
    }
    failures.end();
  }

  private void report(RunResult run, Report report, ReportFormat format, Writer out)
      throws IOException {
    format.write(report, out);
    if (format == ReportFormat.SUMMARY && !options.truth().ghzStrict()) {
      List<Double> percentiles = options.truth().percentiles();
      TruthFormat.write(run, percentiles, !percentiles.equals(Percentiles.USUAL), out);
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    for (Closeable resource : kept) {
      resource.close();
    }
  }

  /** HdrHistogram's log, written as the run goes on. */
  private static final class IntervalLog implements RunListener {
    private final OutputStream out;
    private @Nullable HlogWriter writer;

    IntervalLog(OutputStream out) {
      this.out = out;
    }

    @Override
    public void began(long epochMillis) {
      writer = new HlogWriter(out, epochMillis);
    }

    @Override
    public void passed(Progress progress) {
      if (writer != null) {
        writer.add(progress.interval());
      }
    }

    boolean failed() {
      return writer != null && writer.failed();
    }
  }
}
