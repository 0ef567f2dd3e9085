// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.ghz.Truth;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds the first windows in a row whose rate and mean latency differ by no more than the
 * tolerance, from the least to the most. One thread at a time.
 */
final class SteadyWatch {
  private final Truth.Stability wanted;
  private final long periodNanos;
  private final Deque<Tally> windows = new ArrayDeque<>();
  private Tally current = new Tally();
  private long nanos;

  SteadyWatch(Truth.Stability wanted) {
    this.wanted = wanted;
    this.periodNanos = periodNanos(wanted);
  }

  /** A second or less, so that a whole number of them is a window. */
  static long periodNanos(Truth.Stability wanted) {
    long window = wanted.window().toNanos();
    long second = 1_000_000_000L;
    long parts = (window + second - 1) / second;
    return Math.max(1, window / parts);
  }

  /** Whether the run is steady, now that this period is over. */
  boolean steadyAfter(Tally period) {
    current.add(period);
    nanos += periodNanos;
    if (nanos + periodNanos <= wanted.window().toNanos()) {
      return false;
    }
    if (windows.size() == wanted.windows()) {
      windows.removeFirst();
    }
    windows.addLast(current);
    current = new Tally();
    nanos = 0;
    return windows.size() == wanted.windows() && alike();
  }

  /** The windows that were found. */
  Tally merged() {
    Tally all = new Tally();
    windows.forEach(all::add);
    return all;
  }

  long mergedNanos() {
    return wanted.windows() * wanted.window().toNanos();
  }

  private boolean alike() {
    return alike(windows.stream().mapToDouble(Tally::count).toArray())
        && alike(windows.stream().mapToDouble(SteadyWatch::mean).toArray());
  }

  private boolean alike(double... values) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return least > 0 && most <= least * (1 + wanted.tolerance());
  }

  private static double mean(Tally window) {
    return window.good.count() == 0 ? 0 : window.good.responseSum / (double) window.good.count();
  }
}
