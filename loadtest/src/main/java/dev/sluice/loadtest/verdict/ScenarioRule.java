// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Verdict;
import dev.sluice.loadtest.result.Verdict.State;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The metric of one of MLPerf's scenarios, and whether the run had enough calls to state it.
 *
 * @param inputs samples of a call
 */
public record ScenarioRule(Kind kind, int inputs) {
  private static final long OFFLINE_SAMPLES = 24_576;

  /** The scenarios, named as on the command line. */
  public enum Kind {
    /** The latency that 90 % of the calls do not exceed. */
    SINGLE,
    /** That of 99 %, of calls with many samples. */
    MULTI,
    /** Calls per second that met the thresholds. */
    SERVER,
    /** Samples per second. */
    OFFLINE
  }

  /**
   * @param scenario "none" for none
   */
  public static Optional<ScenarioRule> of(String scenario, int inputs) {
    return switch (scenario) {
      case "single" -> Optional.of(new ScenarioRule(Kind.SINGLE, inputs));
      case "multi" -> Optional.of(new ScenarioRule(Kind.MULTI, inputs));
      case "server" -> Optional.of(new ScenarioRule(Kind.SERVER, inputs));
      case "offline" -> Optional.of(new ScenarioRule(Kind.OFFLINE, inputs));
      default -> Optional.empty();
    };
  }

  public Verdict judge(RunResult run) {
    return Judge.valid(
        run,
        switch (kind) {
          case SINGLE -> estimate(run, "single-stream: latency of 90 %", 0.1);
          case MULTI -> estimate(run, "multi-stream: latency of 99 %", 0.01);
          case SERVER -> server(run);
          case OFFLINE -> offline(run);
        });
  }

  /**
   * A bound of the percentile that holds with 99 % confidence: the slowest call but for as many as
   * may have been slower by chance.
   */
  private static Verdict estimate(RunResult run, String demand, double share) {
    Histogram times = run.latencies().response();
    long count = times.getTotalCount();
    long over = SampleSize.most(count, share);
    if (over < 1 || run.faults() > 0) {
      long more = run.faults() > 0 ? 0 : SampleSize.least(1, share) - count;
      String reason =
          run.faults() > 0
              ? run.faults() + " calls failed"
              : "at least " + more + " more calls needed";
      return new Verdict(demand, State.INCONCLUSIVE, "none", more, reason);
    }
    double percentile = 100.0 * (count - over + 1) / count;
    String observed = Judge.rounded(times.getValueAtPercentile(percentile) / 1e6, 3) + " ms";
    return new Verdict(demand, State.PASS, observed, 0, "");
  }

  /** Whether the thresholds are met is said for themselves. */
  private static Verdict server(RunResult run) {
    String demand = "server: calls per second";
    String observed = Judge.rounded(run.endedPerSecond(), 2) + " /s";
    return run.ended() == 0
        ? new Verdict(demand, State.INCONCLUSIVE, "none", 1, "no call to judge by")
        : new Verdict(demand, State.PASS, observed, 0, "");
  }

  private Verdict offline(RunResult run) {
    long samples = (run.ended() - run.faults()) * inputs;
    String demand = "offline: samples per second";
    double seconds = run.totalNanos() / 1e9;
    String observed = seconds == 0 ? "none" : Judge.rounded(samples / seconds, 2) + " /s";
    if (samples < OFFLINE_SAMPLES) {
      long more = OFFLINE_SAMPLES - samples;
      String reason = samples + " of " + OFFLINE_SAMPLES + " samples that it takes";
      return new Verdict(demand, State.INCONCLUSIVE, observed, Math.ceilDiv(more, inputs), reason);
    }
    return new Verdict(demand, State.PASS, observed, 0, "");
  }
}
