// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Runs something later. The one source of wake-ups of a batcher, so that a test can turn time by
 * hand.
 */
public interface Timer {
  /**
   * Runs {@code task} once, at or soon after {@code delayNanos} from now, never inside this method.
   * The task is short, does not block and does not throw. Never throws; a timer that has been
   * stopped drops the task.
   */
  Alarm schedule(long delayNanos, Runnable task);

  /** A task that was scheduled. */
  @FunctionalInterface
  interface Alarm {
    /** The task will not start any more; does nothing when it has started. */
    void cancel();
  }
}
