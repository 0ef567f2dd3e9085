// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Failure;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Tells how long the first item of each batch had waited; passes everything on. */
record WaitTap(BatchObserver next, LongConsumer waits) implements BatchObserver {
  @Override
  public void batchFormed(
      int lane, int rows, long tokens, long paddedTokens, long waitNanos, long formingNanos) {
    waits.accept(waitNanos);
    next.batchFormed(lane, rows, tokens, paddedTokens, waitNanos, formingNanos);
  }

  @Override
  public void batchRan(
      int rows, long tokens, long paddedTokens, long computeNanos, boolean failed) {
    next.batchRan(rows, tokens, paddedTokens, computeNanos, failed);
  }

  @Override
  public void laneOut(int lane, Throwable cause, long retryNanos) {
    next.laneOut(lane, cause, retryNanos);
  }

  @Override
  public void laneBack(int lane) {
    next.laneBack(lane);
  }

  @Override
  public void callRefused(int rows, Failure why) {
    next.callRefused(rows, why);
  }

  @Override
  public void callEnded(int rows, CallTiming timing, @Nullable Failure failure) {
    next.callEnded(rows, timing, failure);
  }
}
