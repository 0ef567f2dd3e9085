// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Load;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.Schedule;
import dev.sluice.loadtest.ghz.Truth;
import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.run.Arrivals;
import dev.sluice.loadtest.run.LoadPlan;
import dev.sluice.loadtest.run.Staircase;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Options become the plan of a run. */
public final class Plans {
  /**
   * A run that is to be stable, and has no other end, is given up after so many times its windows.
   */
  private static final int MOST_TRIALS = 10;

  private Plans() {}

  /**
   * @throws dev.sluice.loadtest.run.RunException if the recording of arrivals cannot be read
   */
  public static LoadPlan of(Options options) {
    Load load = options.load();
    Truth truth = options.truth();
    boolean rated = rated(options);
    boolean drops = rated && truth.maxInflight() > 0;
    return new LoadPlan(
        options.name(),
        rated || load.async() ? Optional.of(arrivals(options, rated)) : Optional.empty(),
        rated,
        workers(options, drops),
        drops,
        load.total(),
        load.timeout(),
        duration(load, truth),
        load.stop(),
        truth.warmup(),
        load.skipFirst(),
        options.output().countErrors(),
        latencyFrom(truth, rated),
        truth.stability());
  }

  /** Whether there is a time at which each call is due. */
  private static boolean rated(Options options) {
    return options.load().rps() > 0
        || options.load().rate().shape() != Schedule.Shape.CONST
        || options.truth().arrival() instanceof Truth.Trace;
  }

  private static Supplier<Arrivals> arrivals(Options options, boolean rated) {
    long settle = options.truth().warmup().toNanos();
    if (!rated) {
      // All are due at once: they are sent as fast as they can be made.
      return () -> () -> settle;
    }
    Staircase rate = Staircase.of(options.load().rate(), options.load().rps());
    return switch (options.truth().arrival()) {
      case Truth.Constant constant -> () -> Arrivals.constant(rate, settle);
      case Truth.Poisson poisson -> {
        int seed = options.truth().seed();
        yield () -> Arrivals.poisson(rate, settle, new SplittableRandom(seed)::nextDouble);
      }
      case Truth.Trace trace -> {
        long[] due = TraceFile.read(trace.file());
        yield () -> Arrivals.recorded(due);
      }
    };
  }

  private static Staircase workers(Options options, boolean drops) {
    if (drops) {
      return Staircase.constant(options.truth().maxInflight());
    } else if (options.load().async()) {
      return Staircase.constant(LoadPlan.MOST_IN_FLIGHT);
    }
    return Staircase.of(options.load().workers(), options.load().concurrency());
  }

  private static Duration duration(Load load, Truth truth) {
    Duration first = load.duration();
    Duration second = load.maxDuration();
    if (first.isZero() && second.isZero() && load.total() == Load.UNLIMITED) {
      return truth
          .stability()
          .map(wanted -> wanted.window().multipliedBy((long) wanted.windows() * MOST_TRIALS))
          .orElse(Duration.ZERO);
    } else if (first.isZero() || second.isZero()) {
      return first.plus(second);
    }
    return first.compareTo(second) < 0 ? first : second;
  }

  private static LatencyFrom latencyFrom(Truth truth, boolean rated) {
    return switch (truth.latencyFrom()) {
      case "intended" -> LatencyFrom.INTENDED;
      case "send" -> LatencyFrom.SEND;
      default -> rated ? LatencyFrom.INTENDED : LatencyFrom.SEND;
    };
  }
}
