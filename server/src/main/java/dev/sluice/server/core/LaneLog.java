// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator when a lane breaks and when it works again; passes everything on. */
record LaneLog(BatchObserver next, String model) implements BatchObserver {
  private static final Logger log = LoggerFactory.getLogger(LaneLog.class);

  @Override
  public void batchFormed(
      int lane, int rows, long tokens, long paddedTokens, long waitNanos, long formingNanos) {
    next.batchFormed(lane, rows, tokens, paddedTokens, waitNanos, formingNanos);
  }

  @Override
  public void batchRan(
      int rows, long tokens, long paddedTokens, long computeNanos, boolean failed) {
    next.batchRan(rows, tokens, paddedTokens, computeNanos, failed);
  }

  @Override
  public void laneOut(int lane, Throwable cause, long retryNanos) {
    log.error(
        "lane {} of model '{}' fails on everything and takes no batches for {} ms",
        lane,
        model,
        Duration.ofNanos(retryNanos).toMillis(),
        cause);
    next.laneOut(lane, cause, retryNanos);
  }

  @Override
  public void laneBack(int lane) {
    log.warn("lane {} of model '{}' has checked itself and takes batches", lane, model);
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
