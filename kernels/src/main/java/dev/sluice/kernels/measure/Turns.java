// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Measures pieces of work in turns, again and again: what the card's clock and temperature do to
 * one they do to all, and ratios between them hold.
 *
 * @param rounds how often each is measured
 * @param roundMillis how long a measurement lasts, roughly: short work is repeated in it
 */
record Turns(int rounds, double roundMillis) {
  private static final int MOST_REPEATS = 500;

  /**
   * @param times milliseconds that so many repetitions take together
   */
  record Work(IntToDoubleFunction times) {
    double once(int repeats) {
      return times.applyAsDouble(repeats) / repeats;
    }
  }

  /** One timing for each, in their order. */
  List<Timing> measure(List<Work> works) {
    int[] repeats = works.stream().mapToInt(this::repeats).toArray();
    double[][] millis = new double[works.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < works.size(); i++) {
        millis[i][round] = works.get(i).once(repeats[i]);
      }
    }
    List<Timing> timings = new ArrayList<>();
    for (double[] of : millis) {
      timings.add(Timing.of(of));
    }
    return List.copyOf(timings);
  }

  /** The first run finds kernels and captures graphs; the second says how long it takes. */
  private int repeats(Work work) {
    work.once(1);
    return (int) Math.clamp(roundMillis / Math.max(work.once(1), 1e-6), 1, MOST_REPEATS);
  }
}
