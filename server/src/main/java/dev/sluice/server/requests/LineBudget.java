// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.batching.NanoClock;
import java.util.concurrent.TimeUnit;

/** So many lines a second, and a count of those that did not get one. Safe for any thread. */
final class LineBudget {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int perSecond;
  private final NanoClock clock;

  @GuardedBy("this")
  private long secondNanos;

  @GuardedBy("this")
  private int used;

  @GuardedBy("this")
  private long suppressed;

  LineBudget(int perSecond, NanoClock clock) {
    this.perSecond = perSecond;
    this.clock = clock;
    this.secondNanos = clock.nanoTime();
  }

  synchronized boolean take() {
    long now = clock.nanoTime();
    if (now - secondNanos >= SECOND) {
      secondNanos = now;
      used = 0;
    }
    if (used < perSecond) {
      used++;
      return true;
    }
    suppressed++;
    return false;
  }

  /** How many were turned away since this was asked the last time. */
  synchronized long takeSuppressed() {
    long count = suppressed;
    suppressed = 0;
    return count;
  }
}
