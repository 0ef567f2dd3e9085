// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.call.CallException;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.result.DetailSpool;
import dev.sluice.loadtest.result.Details;
import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.run.LoadPlan;
import dev.sluice.loadtest.run.LoadRun;
import dev.sluice.loadtest.run.ReportingThread;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.loadtest.run.RunLabels;
import dev.sluice.loadtest.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The runs of one command, with all that listens to them: the log, the thresholds, Ctrl-C. */
final class Session {
  private final Options options;
  private final Demands demands;
  private final Outputs outputs;
  private final Surroundings surroundings;
  private final AtomicReference<@Nullable LoadRun> current = new AtomicReference<>();
  private volatile boolean interrupted;

  private Session(Options options, Demands demands, Outputs outputs, Surroundings surroundings) {
    this.options = options;
    this.demands = demands;
    this.outputs = outputs;
    this.surroundings = surroundings;
  }

  static Session of(Options options, Demands demands, Outputs outputs, Surroundings surroundings) {
    Session session = new Session(options, demands, outputs, surroundings);
    surroundings.interrupts().onFirst(session::interrupt);
    return session;
  }

  /** Whether a run was interrupted, so that there should be no other. */
  boolean interrupted() {
    return interrupted;
  }

  /** The result, judged. Its details are readable as long as the outputs are open. */
  RunResult run(LoadPlan plan, Loaded loaded, RunLabels labels)
      throws IOException, InterruptedException {
    DetailSpool details =
        outputs.keep(new DetailSpool(Files.createTempFile("sluice", ".details"), Details.MOST));
    return run(plan, loaded, labels, details);
  }

  /** The result, judged; no call is kept by itself. */
  RunResult trial(LoadPlan plan, Loaded loaded, RunLabels labels)
      throws IOException, InterruptedException {
    return run(plan, loaded, labels, null);
  }

  private RunResult run(
      LoadPlan plan, Loaded loaded, RunLabels labels, @Nullable DetailSpool details)
      throws IOException, InterruptedException {
    Optional<LiveView> view = view();
    try (ReportingThread reporter = ReportingThread.start()) {
      RunListener heard = listener();
      RunListener listener = view.<RunListener>map(heard::and).orElse(heard);
      LoadRun run =
          new LoadRun(
              plan,
              loaded.fleet(),
              loaded.calls(),
              new LoadRun.Reporting(labels, surroundings.clock(), reporter, details, listener));
      current.set(run);
      if (interrupted) {
        run.stop(EndReason.CANCEL);
      }
      return demands.judge(awaited(run.start()));
    } finally {
      view.ifPresent(LiveView::close);
    }
  }

  private void interrupt() {
    interrupted = true;
    LoadRun run = current.get();
    if (run != null) {
      run.stop(EndReason.CANCEL);
    }
  }

  private Optional<LiveView> view() {
    boolean live =
        switch (options.output().progress()) {
          case "live" -> true;
          case "lines" -> false;
          default -> surroundings.terminal();
        };
    return options.output().progress().equals("none")
        ? Optional.empty()
        : Optional.of(new LiveView(surroundings.err(), live));
  }

  private RunListener listener() {
    RunListener log = outputs.logs();
    return options
        .truth()
        .abortOnFail()
        .map(delay -> log.and(new AbortOnFail(demands, delay)))
        .orElse(log);
  }

  private static RunResult awaited(CompletableFuture<RunResult> result)
      throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case CallException wrong -> throw wrong;
        case RunException wrong -> throw wrong;
        case null, default -> throw new ReportException("the run failed: " + e.getCause(), e);
      }
    }
  }
}
