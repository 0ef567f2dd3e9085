// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import java.util.function.DoubleSupplier;

/**
 * Arrivals at a rate that changes by steps. A call is due when the calls that the rate has made
 * since the start, its integral, have grown by a gap: by 1 they come evenly, by an exponential draw
 * as a Poisson process, whatever the rate does meanwhile.
 */
final class RatedArrivals implements Arrivals {
  private static final double SECOND = 1e9;

  private final Staircase rate;
  private final long settle;
  private final DoubleSupplier gap;

  /** Within a piece of constant rate: where it lies, and how many calls after it the next is. */
  private long pieceStart;

  private long pieceEnd;
  private int perSecond;
  private double calls;

  /**
   * @param settle time for which the first rate holds before it begins to change
   */
  RatedArrivals(Staircase rate, long settle, DoubleSupplier gap) {
    this.rate = rate;
    this.settle = settle;
    this.gap = gap;
    enter(0);
  }

  @Override
  public long next() {
    calls += gap.getAsDouble();
    while (true) {
      double due =
          perSecond == 0 ? Double.POSITIVE_INFINITY : pieceStart + calls * SECOND / perSecond;
      if (pieceEnd == NEVER) {
        return due < NEVER ? (long) due : NEVER;
      } else if (due <= pieceEnd) {
        return (long) due;
      }
      calls -= (pieceEnd - pieceStart) * (double) perSecond / SECOND;
      enter(pieceEnd);
    }
  }

  private void enter(long time) {
    pieceStart = time;
    perSecond = rate.at(time - settle);
    long change = rate.nextChange(time - settle);
    pieceEnd = change == NEVER ? NEVER : change + settle;
  }
}
