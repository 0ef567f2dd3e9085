// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.result.DetailSpool;
import dev.sluice.loadtest.result.Details;
import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.run.CallSource;
import dev.sluice.loadtest.run.Fleet;
import dev.sluice.loadtest.run.LoadPlan;
import dev.sluice.loadtest.run.LoadRun;
import dev.sluice.loadtest.run.ReportingThread;
import dev.sluice.loadtest.run.RunLabels;
import dev.sluice.loadtest.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One run with all that listens to it: the interval log, the thresholds, Ctrl-C. */
final class Session {
  private final Options options;
  private final Demands demands;
  private final Outputs outputs;
  private final Surroundings surroundings;

  Session(Options options, Demands demands, Outputs outputs, Surroundings surroundings) {
    this.options = options;
    this.demands = demands;
    this.outputs = outputs;
    this.surroundings = surroundings;
  }

  /** The result, judged. Its details are readable as long as the outputs are open. */
  RunResult run(LoadPlan plan, Fleet fleet, CallSource.Factory calls, RunLabels labels)
      throws IOException, InterruptedException {
    DetailSpool details =
        outputs.keep(new DetailSpool(Files.createTempFile("sluice", ".details"), Details.MOST));
    try (ReportingThread reporter = ReportingThread.start()) {
      LoadRun run =
          new LoadRun(
              plan,
              fleet,
              calls,
              new LoadRun.Reporting(labels, surroundings.clock(), reporter, details, listener()));
      surroundings.interrupts().onFirst(() -> run.stop(EndReason.CANCEL));
      return demands.judge(awaited(run.start()));
    }
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
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new ReportException("the run failed: " + e.getCause(), e);
    }
  }
}
