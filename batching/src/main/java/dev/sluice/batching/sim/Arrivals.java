// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.random.RandomGenerator;

/** When requests come: nanoseconds from one to the next. Has state: one for each run. */
@FunctionalInterface
interface Arrivals {
  long nextGapNanos(RandomGenerator random);

  /** Many independent callers. */
  static Arrivals poisson(double perSecond) {
    double mean = 1e9 / perSecond;
    return random -> Math.round(Draws.exponential(random, mean));
  }

  /**
   * Callers that come in bursts: for times of mean {@code onNanos} at {@code factor} times the mean
   * rate, in between, for as long as keeps the mean, not at all.
   *
   * @param factor above 1
   */
  static Arrivals bursty(double meanPerSecond, double factor, double onNanos) {
    return new Bursts(1e9 / (meanPerSecond * factor), onNanos, onNanos * (factor - 1));
  }

  /** See {@link #bursty}. */
  final class Bursts implements Arrivals {
    private final double meanGapNanos;
    private final double onNanos;
    private final double offNanos;
    private double leftNanos;

    private Bursts(double meanGapNanos, double onNanos, double offNanos) {
      this.meanGapNanos = meanGapNanos;
      this.onNanos = onNanos;
      this.offNanos = offNanos;
    }

    @Override
    public long nextGapNanos(RandomGenerator random) {
      double pause = 0;
      double gap = Draws.exponential(random, meanGapNanos);
      // What is left of a gap at the end of a burst is as good as a new one: it has no memory.
      while (gap > leftNanos) {
        pause += leftNanos + Draws.exponential(random, offNanos);
        leftNanos = Draws.exponential(random, onNanos);
        gap = Draws.exponential(random, meanGapNanos);
      }
      leftNanos -= gap;
      return Math.round(pause + gap);
    }
  }
}
