// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/** Hears what a batcher does. Called outside of locks; must be quick and must not throw. */
public interface BatchObserver {
  BatchObserver NONE = new BatchObserver() {};

  /**
   * A batch was formed and starts to run now.
   *
   * @param rows its rows
   * @param tokens the sum of its items' rows times their tokens
   * @param paddedTokens its rows times the length that the engine pads them to
   * @param waitNanos how long the item of it that came first has waited
   * @param formingNanos how long it took to choose its items, waiting for a lock aside
   */
  default void batchFormed(
      int lane, int rows, long tokens, long paddedTokens, long waitNanos, long formingNanos) {}

  /**
   * A batch ran, or a part of a batch that failed was run again.
   *
   * @param rows its rows
   * @param tokens the sum of its items' rows times their tokens
   * @param paddedTokens its rows times the length that the engine pads them to
   * @param computeNanos how long the runner took
   * @param failed whether the runner threw
   */
  default void batchRan(
      int rows, long tokens, long paddedTokens, long computeNanos, boolean failed) {}

  /** A lane failed to check itself and takes no batches before {@code retryNanos} have passed. */
  default void laneOut(int lane, Throwable cause, long retryNanos) {}

  /** A lane that had failed several batches in a row has checked itself and goes on. */
  default void laneBack(int lane) {}

  /** A call was not admitted, for this reason. Unless overridden, a call that ended at once. */
  default void callRefused(int rows, Failure why) {
    callEnded(rows, CallTiming.NONE, why);
  }

  /**
   * A call that had been admitted ended, {@code failure} being null when it was answered. The
   * failure says why it was dropped, and {@link CallTiming#computeNanos} whether it had begun.
   */
  default void callEnded(int rows, CallTiming timing, @Nullable Failure failure) {}
}
