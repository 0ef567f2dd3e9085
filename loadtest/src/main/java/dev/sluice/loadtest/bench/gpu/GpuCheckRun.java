// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import dev.sluice.loadtest.bench.TemporaryFolder;
import dev.sluice.models.gpucheck.GpuCheck;
import dev.sluice.models.gpucheck.GpuCheckOutcome;
import dev.sluice.models.gpucheck.GpuCheckOutcome.Checked;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * One check of a card, part after part. Whatever ends it, the end of the process or a part that
 * hangs included, what is known by then is said. Run once, by one thread.
 */
final class GpuCheckRun {
  static final String NO_PYTORCH = "none";

  /** There is no card: neither good nor bad. */
  private static final int NO_GPU = 3;

  private final GpuCheck.Plan plan;
  private final String python;
  private final Duration limit;
  private final Path home;
  private final Printout printout;
  private final LongSupplier nanoTime;
  private final Supplier<LocalDate> today;
  private final IntConsumer exit;
  private final long start;
  private final Watchdog watchdog;
  private volatile @Nullable GpuCheck check;

  /**
   * @param python the interpreter whose PyTorch is compared with, or {@link #NO_PYTORCH}
   * @param limit of a part
   * @param home the distribution's folder
   * @param exit ends the process, whatever its threads are at
   */
  GpuCheckRun(
      GpuCheck.Plan plan,
      String python,
      Duration limit,
      Path home,
      Printout printout,
      LongSupplier nanoTime,
      Supplier<LocalDate> today,
      IntConsumer exit) {
    this.plan = plan;
    this.python = python;
    this.limit = limit;
    this.home = home;
    this.printout = printout;
    this.nanoTime = nanoTime;
    this.today = today;
    this.exit = exit;
    this.start = nanoTime.getAsLong();
    this.watchdog = new Watchdog(limit, this::hangs);
  }

  int exitCode() throws InterruptedException {
    Thread interrupted = new Thread(() -> endEarly("interrupted"), "the last line");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try (watchdog) {
      return check(TemporaryFolder.create());
    } catch (IOException noFolder) {
      printout.progress("sluice: no temporary folder can be made: " + noFolder.getMessage());
      return ExitCode.SOFTWARE;
    } finally {
      forget(interrupted);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It runs, or has run.
    }
  }

  private void begin(String part) {
    watchdog.begins(part);
    long seconds = (nanoTime.getAsLong() - start) / 1_000_000_000;
    printout.progress("%4d s  %s".formatted(seconds, part));
  }

  private void hangs(String part) {
    endEarly(
        "FAILED: '%s' has not ended after %d s: the driver or the card hangs, or others use it"
            .formatted(part, limit.toSeconds()));
    exit.accept(ExitCode.SOFTWARE);
  }

  private void endEarly(String reason) {
    List<String> last = new ArrayList<>(List.of("", reason));
    Optional.ofNullable(check)
        .flatMap(GpuCheck::soFar)
        .ifPresent(known -> last.add(ResultLine.of(known, OptionalDouble.empty())));
    printout.end(last);
  }

  private int check(Path folder) throws InterruptedException {
    return switch (outcome(folder)) {
      case GpuCheckOutcome.Absent absent -> {
        printout.progress("sluice: no GPU: " + absent.reason());
        printout.end(List.of());
        yield NO_GPU;
      }
      case Checked checked -> {
        TextsThroughServer server =
            new TextsThroughServer(
                home, folder, plan.quick(), nanoTime, printout::line, this::begin);
        end(checked, plan.kernelsOnly() ? OptionalDouble.empty() : server.perSecond());
        yield checked.agrees() ? ExitCode.OK : ExitCode.SOFTWARE;
      }
    };
  }

  private GpuCheckOutcome outcome(Path folder) {
    try (PyTorch pyTorch =
        new PyTorch(python, folder, PyTorch.Limits.USUAL, printout::line, this::begin)) {
      GpuCheck now =
          new GpuCheck(
              plan,
              Optional.of(pyTorch).filter(any -> !python.equals(NO_PYTORCH)),
              printout::line,
              this::begin);
      check = now;
      return now.run();
    }
  }

  private void end(Checked checked, OptionalDouble texts) {
    printout.line("");
    if (python.equals(NO_PYTORCH) && !plan.kernelsOnly()) {
      printout.line("PyTorch is not compared with: nobody asked for it (--pytorch)");
    }
    printout.end(
        List.of(
            "The row for docs/benchmarks/gpu.md:",
            ResultLine.row(today.get(), checked, texts),
            ResultLine.of(checked, texts)));
  }
}
