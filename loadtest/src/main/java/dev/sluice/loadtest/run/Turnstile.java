// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the calls of all loops: who may still be sent, who is left out. For any thread. */
final class Turnstile {
  private final long total;
  private final Runnable last;
  private final AtomicLong admitted = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong skips;

  /**
   * @param total calls that are admitted
   * @param skips results that do not count
   * @param last told when the last call has been admitted
   */
  Turnstile(long total, long skips, Runnable last) {
    this.total = total;
    this.skips = new AtomicLong(skips);
    this.last = last;
  }

  boolean admit() {
    long before = admitted.getAndIncrement();
    if (before == total - 1) {
      last.run();
    }
    return before < total;
  }

  /** The next number of a call, from 0. */
  long number() {
    return numbers.getAndIncrement();
  }

  /** Whether the result that just came is one of the first, which do not count. */
  boolean skips() {
    return skips.get() > 0 && skips.getAndDecrement() > 0;
  }
}
