// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.ghz.Load;
import dev.sluice.loadtest.ghz.Truth;
import dev.sluice.loadtest.result.LatencyFrom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run does.
 *
 * @param name of the run, which templates see
 * @param arrivals when calls are due, each time the same; none: whenever a worker is free
 * @param paced whether each call has a time of its own, so that one sent later is late
 * @param workers calls under way at most
 * @param drops whether a call is dropped that is due while all workers are at work
 * @param total calls that count, at most
 * @param timeout of a call; zero: none
 * @param duration of the run without its warm-up; zero: until all calls are sent
 * @param stop what becomes of the calls under way when the duration is over or the run interrupted
 * @param warmup time before results count
 * @param skipFirst results that do not count beside those
 * @param countErrors whether the latencies are those of failed calls too
 */
public record LoadPlan(
    String name,
    Optional<Supplier<Arrivals>> arrivals,
    boolean paced,
    Staircase workers,
    boolean drops,
    long total,
    Duration timeout,
    Duration duration,
    Load.Stop stop,
    Duration warmup,
    long skipFirst,
    boolean countErrors,
    LatencyFrom latencyFrom,
    Optional<Truth.Stability> stability) {
  /** No run has more calls under way, whatever it is told: each needs memory. */
  public static final int MOST_IN_FLIGHT = 65_536;

  static int bounded(int workers) {
    return Math.min(workers, MOST_IN_FLIGHT);
  }

  long periodNanos() {
    return stability.map(SteadyWatch::periodNanos).orElse(1_000_000_000L);
  }
}
