// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Load;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.Truth;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Verdict;
import dev.sluice.loadtest.run.RunLabels;
import dev.sluice.loadtest.search.MaxRate;
import dev.sluice.loadtest.search.Trial;
import dev.sluice.loadtest.verdict.ExitCodes;
import dev.sluice.loadtest.verdict.Judge;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code --find-max-rps}: one run after another, each at its own rate, and a line for each. Its
 * result is that of the run at the rate that was found, or of the last if there is none.
 *
 * <p>A run lasts as long as {@code -z} says, or longer if its thresholds need more calls. Calls
 * under way at its end are waited for, so that none of them counts as an error that was cut off.
 */
final class HighestRate {
  private static final Duration LEAST = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofMinutes(10);

  /** So few calls under way would bound the rate of a server that is slow, but fast enough. */
  private static final int LEAST_WORKERS = 1_000;

  private final Options options;
  private final Demands demands;
  private final Session session;
  private final PrintWriter told;
  private @Nullable RunResult best;
  private @Nullable RunResult last;

  HighestRate(Options options, Demands demands, Session session, PrintWriter told) {
    this.options = options;
    this.demands = demands;
    this.session = session;
    this.told = told;
  }

  /**
   * @param labels what a report says of a run with such options
   */
  RunResult search(Loaded loaded, Function<Options, RunLabels> labels)
      throws IOException, InterruptedException {
    Truth.RateSearch range = options.truth().findMaxRps().orElseThrow();
    Trial trial = (rate, wanted) -> at(rate, wanted, loaded, labels);
    MaxRate.Found found =
        MaxRate.search(
            range.low(), range.high(), range.step(), Judge.callsFor(demands.thresholds()), trial);
    RunResult shown = best == null ? last : best;
    if (shown == null) {
      throw new IllegalStateException("a search without a trial");
    }
    List<Verdict> verdicts = new ArrayList<>(shown.verdicts());
    verdicts.add(verdict(range, found));
    return shown.with(verdicts);
  }

  private Trial.Outcome at(
      int rate, long wanted, Loaded loaded, Function<Options, RunLabels> labels)
      throws IOException, InterruptedException {
    Duration needed = Duration.ofNanos((long) (wanted * 1e9 / rate));
    Duration least = options.load().duration().isZero() ? LEAST : options.load().duration();
    boolean tooLong = needed.compareTo(MOST) > 0;
    Duration length = tooLong ? MOST : needed.compareTo(least) > 0 ? needed : least;
    Options stepped = options.with(load(rate, length));
    RunResult run = session.trial(Plans.of(stepped), loaded, labels.apply(stepped));
    List<Verdict> verdicts = new ArrayList<>(run.verdicts());
    long due = due(rate, length);
    verdicts.add(Judge.keptUp(run, due));
    RunResult judged = run.with(verdicts);
    boolean stopped = session.interrupted();
    Verdict.State state = state(verdicts);
    last = judged;
    if (state == Verdict.State.PASS && !stopped) {
      best = judged;
    }
    boolean close = state == Verdict.State.FAIL && Judge.byAHair(run, demands.thresholds(), due);
    String why = invalid(run).orElseGet(() -> words(verdicts, state));
    told.println(
        String.format(Locale.ROOT, "%,d/s for %.1f s: ", rate, length.toNanos() / 1e9)
            + (stopped ? "interrupted" : state + (close ? " by a hair: " : ": ") + why));
    return new Trial.Outcome(state, tooLong ? 0 : missing(verdicts), close, stopped, why);
  }

  private Load load(int rate, Duration length) {
    Load load = options.load();
    return new Load(
        false,
        rate,
        load.rate(),
        Math.max(load.concurrency(), LEAST_WORKERS),
        load.workers(),
        Load.UNLIMITED,
        load.timeout(),
        length,
        Duration.ZERO,
        Load.Stop.WAIT,
        load.skipFirst());
  }

  /** Calls that were due for sure: the last may be just beyond the end, and chance has its part. */
  private long due(int rate, Duration length) {
    double due = rate * (length.toNanos() / 1e9) - 1 - options.load().skipFirst();
    boolean poisson = options.truth().arrival() instanceof Truth.Poisson;
    return (long) Math.max(1, due - (poisson ? 4 * Math.sqrt(Math.max(0, due)) : 0));
  }

  private static Verdict.State state(List<Verdict> verdicts) {
    return switch (ExitCodes.of(verdicts)) {
      case ExitCodes.MET -> Verdict.State.PASS;
      case ExitCodes.INCONCLUSIVE -> Verdict.State.INCONCLUSIVE;
      default -> Verdict.State.FAIL;
    };
  }

  /** Where the generator was disturbed, the same number of calls may be enough. */
  private static long missing(List<Verdict> verdicts) {
    return Math.max(1, verdicts.stream().mapToLong(Verdict::moreSamples).max().orElse(0));
  }

  /** The same for all demands, so it is said once. */
  private static Optional<String> invalid(RunResult run) {
    return Optional.ofNullable(run.selfCheck())
        .filter(check -> !check.valid())
        .map(check -> "the run is invalid: " + String.join("; ", check.reasons()));
  }

  /** What decided, or how well all demands are met. */
  private static String words(List<Verdict> verdicts, Verdict.State state) {
    return verdicts.stream()
        .filter(verdict -> verdict.state() == state)
        .map(
            verdict ->
                verdict.demand()
                    + " ("
                    + verdict.observed()
                    + (verdict.reason().isEmpty() ? "" : ", " + verdict.reason())
                    + ")")
        .collect(Collectors.joining("; "));
  }

  private static Verdict verdict(Truth.RateSearch range, MaxRate.Found found) {
    String demand = "highest rate from " + range.low() + " to " + range.high() + "/s";
    String observed = found.good() == 0 ? "none" : found.good() + "/s";
    if (found.stopped()) {
      String reason = "the search was interrupted";
      return new Verdict(demand, Verdict.State.INCONCLUSIVE, observed, 0, reason);
    } else if (found.bad() == 0) {
      return new Verdict(demand, Verdict.State.PASS, observed, 0, "it may be higher");
    }
    Verdict.State state = found.good() > 0 ? Verdict.State.PASS : found.end();
    String bound = found.bad() + "/s " + (found.end() == Verdict.State.FAIL ? "fails" : "cannot");
    String reason = bound + (found.end() == Verdict.State.FAIL ? "" : " be judged");
    return new Verdict(demand, state, observed, 0, reason + ": " + found.why());
  }
}
