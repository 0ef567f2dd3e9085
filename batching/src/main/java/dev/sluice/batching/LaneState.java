// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Whether a lane is fit to run batches.
 *
 * <p>A lane is not judged by what callers send: when {@value #MAX_FAILURES} batches in a row gave
 * not one result, it is asked to check itself. If it cannot do that either, it is out, and asked
 * again after a time that doubles. Guarded by the lock of its {@link BatchCore}.
 */
final class LaneState {
  static final int MAX_FAILURES = 3;
  static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;

  private enum Fitness {
    /** Takes batches. Goes to SUSPECT. */
    FIT,
    /** To be checked before it takes another batch. Goes to FIT or OUT. */
    SUSPECT,
    /** Takes nothing for a while. Goes to SUSPECT. */
    OUT
  }

  private Fitness fitness = Fitness.FIT;
  private int failuresInRow;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long retryAtNanos;

  boolean isFit() {
    return fitness == Fitness.FIT;
  }

  boolean isSuspect() {
    return fitness == Fitness.SUSPECT;
  }

  boolean isOut() {
    return fitness == Fitness.OUT;
  }

  /**
   * @param answered whether any item of the batch got a result
   */
  void ranBatch(boolean answered) {
    failuresInRow = answered ? 0 : failuresInRow + 1;
    if (failuresInRow >= MAX_FAILURES) {
      fitness = Fitness.SUSPECT;
    }
  }

  void passedCheck() {
    fitness = Fitness.FIT;
    failuresInRow = 0;
    pauseNanos = FIRST_PAUSE_NANOS;
  }

  /** Returns how long it pauses. */
  long failedCheck(long nowNanos) {
    fitness = Fitness.OUT;
    long pause = pauseNanos;
    retryAtNanos = nowNanos + pause;
    pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    return pause;
  }

  /** Until an OUT lane is asked again; 0 for any other. */
  long nanosOut(long nowNanos) {
    return isOut() ? Math.max(0, retryAtNanos - nowNanos) : 0;
  }

  /** Ends a pause that is over. */
  void wake(long nowNanos) {
    if (isOut() && nanosOut(nowNanos) == 0) {
      fitness = Fitness.SUSPECT;
    }
  }
}
