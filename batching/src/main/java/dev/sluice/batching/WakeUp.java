// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * The one alarm that a {@link BatchCore} keeps set: for the earliest moment at which something is
 * due although nobody comes by. It may ring early, never late.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class WakeUp {
  /** A longer wait is made of several. */
  private static final long MAX_DELAY_NANOS = 3_600_000_000_000L;

  private final Timer timer;
  private final Runnable task;
  private Timer.@Nullable Alarm alarm;
  private long ringsAtNanos;

  WakeUp(Timer timer, Runnable task) {
    this.timer = timer;
    this.task = task;
  }

  /** Makes sure that it rings in {@code delayNanos} at the latest. */
  void within(long nowNanos, long delayNanos) {
    long delay = Math.min(Math.max(0, delayNanos), MAX_DELAY_NANOS);
    if (alarm != null) {
      if (ringsAtNanos - nowNanos <= delay) {
        return;
      }
      cancel();
    }
    ringsAtNanos = nowNanos + delay;
    alarm = timer.schedule(delay, task);
  }

  /** To be called when it rings. */
  void rang() {
    alarm = null;
  }

  void cancel() {
    Timer.Alarm set = alarm;
    alarm = null;
    if (set != null) {
      set.cancel();
    }
  }
}
