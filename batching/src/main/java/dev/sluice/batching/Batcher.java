// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;

/**
 * Takes calls, answers each exactly once.
 *
 * <p>Promises: a call is admitted whole or refused at once; no bound is exceeded; no item starts
 * after its call's deadline; a call's results come in the order of its items; a batch-mate's
 * failure is not one's own.
 *
 * <p>Safe for use by any number of threads.
 */
public interface Batcher<T, R> extends AutoCloseable {
  /** Admits the call, or completes it with the reason why not. Never blocks. */
  Ticket submit(Call<T> call, Completion<R> completion);

  /** What waits and runs now. */
  Load load();

  /** How many lanes take batches: all but those that cannot even check themselves. */
  int fitLanes();

  /** Refuses new calls from now on; what was accepted is still answered. Returns at once. */
  void stopAccepting();

  /**
   * Waits until everything accepted is answered.
   *
   * @return false if that took longer than {@code limit}
   */
  boolean awaitIdle(Duration limit) throws InterruptedException;

  /**
   * Stops the lanes. Calls that still wait fail with {@link Failure.Closed}; batches that run are
   * run to their end. Returns when the lanes have ended, or at once on the thread of a lane.
   */
  @Override
  void close();

  /**
   * @param waitingCalls calls with an item that waits
   * @param waitingRows rows that wait
   * @param waitingTokens tokens that wait
   * @param runningRows rows in batches that run now
   */
  record Load(int waitingCalls, int waitingRows, long waitingTokens, int runningRows) {}
}
