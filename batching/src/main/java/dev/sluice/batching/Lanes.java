// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lanes of a batcher: who is idle, who is fit. A lane that is out waits apart, so that a
 * wake-up meant for work never goes to one that will not do it.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Lanes {
  private final LaneState[] states;
  private final Condition recovery;
  private final Forecast forecast;
  private int idle;
  private int fit;

  Lanes(int count, ReentrantLock lock, Forecast forecast) {
    this.states = new LaneState[count];
    Arrays.setAll(states, lane -> new LaneState());
    this.recovery = lock.newCondition();
    this.forecast = forecast;
    this.fit = count;
  }

  boolean isFit(int lane) {
    return states[lane].isFit();
  }

  boolean isSuspect(int lane) {
    return states[lane].isSuspect();
  }

  /** How many are fit. */
  int fit() {
    return fit;
  }

  /** How many fit ones wait for work. */
  int idle() {
    return idle;
  }

  boolean allOut() {
    for (LaneState state : states) {
      if (!state.isOut()) {
        return false;
      }
    }
    return true;
  }

  /** Until a lane that is out is asked again; {@link Long#MAX_VALUE} when none is out. */
  long nanosUntilRetry(long nowNanos) {
    long least = Long.MAX_VALUE;
    if (fit < states.length) {
      for (LaneState state : states) {
        least = state.isOut() ? Math.min(least, state.nanosOut(nowNanos)) : least;
      }
    }
    return least;
  }

  /** Waits for work, or if it is out, until it is to be asked again. */
  @SuppressWarnings("WaitNotInLoop") // the caller looks again at what there is to do
  void await(int lane, Condition work) {
    if (isFit(lane)) {
      idle++;
      try {
        work.awaitUninterruptibly();
      } finally {
        idle--;
      }
    } else {
      recovery.awaitUninterruptibly();
    }
  }

  void finished(int lane, boolean answered) {
    forecast.finished(lane);
    states[lane].ranBatch(answered);
    fit -= states[lane].isFit() ? 0 : 1;
  }

  /** The lane has checked itself; returns how long it is out if it failed. */
  long checked(int lane, boolean passed, long nowNanos) {
    forecast.setOut(lane, !passed);
    if (passed) {
      states[lane].passedCheck();
      fit++;
      return 0;
    }
    return states[lane].failedCheck(nowNanos);
  }

  /** Lets lanes whose time out is over check themselves. */
  void wake(long nowNanos) {
    if (nanosUntilRetry(nowNanos) == 0) {
      for (LaneState state : states) {
        state.wake(nowNanos);
      }
      recovery.signalAll();
    }
  }

  void wakeAll() {
    recovery.signalAll();
  }
}
