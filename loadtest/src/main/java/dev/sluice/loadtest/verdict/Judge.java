// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.Verdict;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Holds a run against its thresholds. Upper bounds of percentiles and of the share of errors are
 * judged by {@link SampleSize}; other figures as they are. Calls that were cut off at the end of
 * the run count only where they were over a bound already. Where the generator did not keep up, or
 * there is nothing to judge, nothing can be told.
 */
public final class Judge {
  private static final double KEPT_UP = 0.95;

  /** A share that is exceeded by no more than this factor, another bound by no more than that. */
  private static final double HAIR_OF_SHARE = 2;

  private static final double HAIR = 0.1;

  private final RunResult run;

  private Judge(RunResult run) {
    this.run = run;
  }

  public static List<Verdict> judge(RunResult run, List<Threshold> thresholds) {
    Judge judge = new Judge(run);
    List<Verdict> verdicts = new ArrayList<>();
    for (Threshold threshold : thresholds) {
      verdicts.add(valid(run, judge.verdict(threshold)));
    }
    return verdicts;
  }

  /** Calls with which a server that is well within the thresholds is seen to be. */
  public static long callsFor(List<Threshold> thresholds) {
    return thresholds.stream()
        .filter(threshold -> threshold.share() > 0)
        .mapToLong(threshold -> SampleSize.enough(threshold.share()))
        .max()
        .orElse(1);
  }

  /**
   * Whether the calls that were due have been answered, but for the last: a server that answers few
   * calls fast has not kept up.
   *
   * @param due calls, of which 5 % may be missing
   */
  public static Verdict keptUp(RunResult run, long due) {
    boolean kept = run.ended() >= due * KEPT_UP;
    return valid(
        run,
        new Verdict(
            "keeps up",
            kept ? Verdict.State.PASS : Verdict.State.FAIL,
            run.ended() + " of " + due + " calls",
            0,
            kept ? "" : "the others were due and not answered"));
  }

  /**
   * Whether what failed did so by a hair, where another run may be luckier: at most twice as many
   * calls over a bound as may be, another figure within 10 % of its bound, 10 % of the calls
   * missing that were due.
   */
  public static boolean byAHair(RunResult run, List<Threshold> thresholds, long due) {
    Judge judge = new Judge(run);
    return run.ended() >= due * (1 - HAIR)
        && thresholds.stream()
            .filter(threshold -> judge.verdict(threshold).state() == Verdict.State.FAIL)
            .allMatch(judge::byAHair);
  }

  private boolean byAHair(Threshold threshold) {
    Histogram times = run.latencies().response();
    double share = threshold.share();
    if (share == 0) {
      double off = value(threshold, times) - threshold.bound();
      return Math.abs(off) <= threshold.bound() * HAIR;
    } else if (threshold.figure() == Threshold.Figure.ERRORS) {
      return run.faults() <= run.ended() * share * HAIR_OF_SHARE;
    }
    Calls calls = calls(threshold, times);
    return calls.over() <= calls.all() * share * HAIR_OF_SHARE;
  }

  /** The same, unless the run's own generator was too slow for it to mean anything. */
  static Verdict valid(RunResult run, Verdict verdict) {
    SelfCheck check = run.selfCheck();
    if (check == null || check.valid()) {
      return verdict;
    }
    String reason = "the run is invalid: " + String.join("; ", check.reasons());
    return new Verdict(verdict.demand(), Verdict.State.INCONCLUSIVE, verdict.observed(), 0, reason);
  }

  private Verdict verdict(Threshold threshold) {
    Histogram times = run.latencies().response();
    double value = value(threshold, times);
    String observed = observed(threshold, value);
    boolean empty = threshold.figure().latency() ? times.getTotalCount() == 0 : run.ended() == 0;
    if (empty && threshold.figure() != Threshold.Figure.DROPPED) {
      String reason = "no call to judge by";
      return new Verdict(threshold.text(), Verdict.State.INCONCLUSIVE, "none", 1, reason);
    }
    double share = threshold.share();
    if (share > 0) {
      if (threshold.figure() == Threshold.Figure.ERRORS) {
        return sampled(threshold, observed, run.faults(), run.ended(), share);
      }
      Calls calls = calls(threshold, times);
      return sampled(threshold, observed, calls.over(), calls.all(), share);
    }
    boolean holds = threshold.comparison().holds(value, threshold.bound());
    Verdict.State state = holds ? Verdict.State.PASS : Verdict.State.FAIL;
    return new Verdict(threshold.text(), state, observed, 0, "");
  }

  private static Verdict sampled(
      Threshold threshold, String observed, long hits, long samples, double share) {
    Verdict.State state = SampleSize.judge(hits, samples, share);
    if (state != Verdict.State.INCONCLUSIVE) {
      return new Verdict(threshold.text(), state, observed, 0, "");
    }
    long more = Math.max(1, SampleSize.least(hits, share) - samples);
    String reason = hits + " of " + samples + " over the bound: at least " + more + " more needed";
    return new Verdict(threshold.text(), state, observed, more, reason);
  }

  private record Calls(long over, long all) {}

  /**
   * Those whose times are known, and of those that were cut off the ones that had taken longer than
   * the bound by then: however long they would have taken, they are over it.
   */
  private Calls calls(Threshold threshold, Histogram times) {
    long over = times.getTotalCount() - within(threshold, times);
    Histogram cutOff = run.own().cutOffTimes();
    boolean counted = run.options().countErrors();
    long late = counted ? 0 : cutOff.getTotalCount() - within(threshold, cutOff);
    return new Calls(over + late, times.getTotalCount() + late);
  }

  /** Calls that surely meet the bound: a value that the histogram cannot tell from it does not. */
  private static long within(Threshold threshold, Histogram times) {
    long within = 0;
    for (HistogramIterationValue step : times.recordedValues()) {
      double value = Math.min(step.getValueIteratedTo(), times.getMaxValue());
      if (threshold.comparison().holds(value, threshold.bound())) {
        within = step.getTotalCountToThisValue();
      }
    }
    return within;
  }

  private double value(Threshold threshold, Histogram times) {
    long counted = times.getTotalCount();
    return switch (threshold.figure()) {
      case AVG -> counted == 0 ? 0 : run.latencies().responseSumNanos() / (double) counted;
      case MIN -> times.getMinValue();
      case MAX -> times.getMaxValue();
      case PERCENTILE -> times.getValueAtPercentile(threshold.percentile());
      case ERRORS -> run.ended() == 0 ? 0 : run.faults() / (double) run.ended();
      case RATE -> run.endedPerSecond();
      case COUNT -> run.ended();
      case DROPPED -> run.own().dropped();
    };
  }

  private static String observed(Threshold threshold, double value) {
    if (threshold.figure().latency()) {
      return rounded(value / 1e6, 3) + " ms";
    }
    return switch (threshold.figure()) {
      case ERRORS -> rounded(value * 100, 4) + " %";
      case RATE -> rounded(value, 2) + " /s";
      default -> rounded(value, 0);
    };
  }

  static String rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }
}
