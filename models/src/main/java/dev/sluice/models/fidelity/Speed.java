// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.engine.EngineException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Times two runs of the same work side by side: they take turns, and the medians are compared, so
 * that what else the machine does hits both alike. Short, so a hint rather than a benchmark.
 */
record Speed(LongSupplier nanoClock) {
  private static final int ROUNDS = 15;
  private static final int FEWEST = 3;
  private static final long ENOUGH = Duration.ofSeconds(5).toNanos();

  /** One run of a model on fixed inputs. */
  @FunctionalInterface
  interface Run {
    void once() throws EngineException;
  }

  /** How many times as fast the second is. */
  double ratio(Run model, Run variant) throws EngineException {
    model.once();
    variant.once();
    long[] own = new long[ROUNDS];
    long[] derived = new long[ROUNDS];
    long start = nanoClock.getAsLong();
    int rounds = 0;
    while (rounds < ROUNDS && (rounds < FEWEST || nanoClock.getAsLong() - start < ENOUGH)) {
      own[rounds] = time(model);
      derived[rounds] = time(variant);
      rounds++;
    }
    return median(own, rounds) / Math.max(1, median(derived, rounds));
  }

  private long time(Run run) throws EngineException {
    long start = nanoClock.getAsLong();
    run.once();
    return nanoClock.getAsLong() - start;
  }

  private static double median(long[] times, int count) {
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return (sorted[count / 2] + sorted[(count - 1) / 2]) / 2.0;
  }
}
