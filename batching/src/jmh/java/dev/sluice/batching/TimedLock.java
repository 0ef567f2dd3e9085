// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A lock that notes for how long it was held, by step. Times that hold a wait on one of its
 * conditions are noted too, so a bench must not let anybody wait.
 *
 * <p>Guarded by itself.
 */
@SuppressWarnings("serial") // never written anywhere
final class TimedLock extends ReentrantLock {
  /** What the lock is held for. */
  enum Step {
    SUBMIT,
    FORM,
    COMPLETE,
    OTHER
  }

  private static final int REMEMBERED = 1 << 20;

  private final Supplier<Step> step;
  private final long[][] nanos = new long[Step.values().length][REMEMBERED];
  private final int[] counts = new int[Step.values().length];
  private long sinceNanos;

  /**
   * @param step what the current thread is giving the lock back from; asked once each time
   */
  TimedLock(Supplier<Step> step) {
    this.step = step;
  }

  @Override
  public void lock() {
    super.lock();
    if (getHoldCount() == 1) {
      sinceNanos = System.nanoTime();
    }
  }

  @Override
  public void unlock() {
    if (getHoldCount() == 1) {
      long held = System.nanoTime() - sinceNanos;
      int of = step.get().ordinal();
      nanos[of][counts[of]++ & (REMEMBERED - 1)] = held;
    }
    super.unlock();
  }

  void forget() {
    super.lock();
    try {
      Arrays.fill(counts, 0);
    } finally {
      super.unlock();
    }
  }

  /** A line for each step: how often, and of the last million times the median and so on. */
  String table() {
    super.lock();
    try {
      StringBuilder table = new StringBuilder();
      for (Step each : Step.values()) {
        int count = counts[each.ordinal()];
        long[] sorted = Arrays.copyOf(nanos[each.ordinal()], Math.min(count, REMEMBERED));
        Arrays.sort(sorted);
        table.append(
            sorted.length == 0
                ? ""
                : "%-8s %9d times  p50 %8.2f us  p99 %8.2f us  max %8.2f us%n"
                    .formatted(
                        each,
                        count,
                        sorted[sorted.length / 2] / 1e3,
                        sorted[(int) (sorted.length * 0.99)] / 1e3,
                        sorted[sorted.length - 1] / 1e3));
      }
      return table.toString();
    } finally {
      super.unlock();
    }
  }
}
