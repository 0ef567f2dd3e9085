// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import java.util.function.DoubleSupplier;

/** When calls are due, in nanoseconds since the start of the run, in ascending order. */
@FunctionalInterface
public interface Arrivals {
  /** Said once no more are due, and from then on. */
  long NEVER = Staircase.NEVER;

  long next();

  /** Every {@code of}-th of these, beginning with the one at {@code first}, counted from 0. */
  default Arrivals every(int of, int first) {
    return new Arrivals() {
      private int skip = first;

      @Override
      public long next() {
        for (; skip > 0; skip--) {
          if (Arrivals.this.next() == NEVER) {
            return NEVER;
          }
        }
        skip = of - 1;
        return Arrivals.this.next();
      }
    };
  }

  /** Evenly at a rate: the first after one interval, as in ghz. */
  static Arrivals constant(Staircase rate, long settleNanos) {
    return new RatedArrivals(rate, settleNanos, () -> 1);
  }

  /**
   * Independent of each other, at the rate on average.
   *
   * @param uniform from 0, inclusive, to 1
   */
  static Arrivals poisson(Staircase rate, long settleNanos, DoubleSupplier uniform) {
    return new RatedArrivals(rate, settleNanos, () -> -Math.log(1 - uniform.getAsDouble()));
  }

  /** As recorded; ascending. */
  static Arrivals recorded(long[] due) {
    return new Arrivals() {
      private int at;

      @Override
      public long next() {
        return at == due.length ? NEVER : due[at++];
      }
    };
  }
}
