// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.SortedMap;

/**
 * What a {@link ModelMeter} had counted when it was read. Everything that Sluice shows of a model,
 * in whatever form, is made from one of these.
 *
 * @param lastInferenceMillis when the last run ended, since the epoch; 0 for never
 * @param answered requests
 * @param failed requests
 * @param failures the same, by why
 * @param failedNanos from acceptance to refusal, over all that failed
 * @param stageNanos summed over all that were answered, exact
 * @param limitHits of the limits that each model has for itself
 */
public record MeterReading(
    ModelLabels labels,
    long lastInferenceMillis,
    long answered,
    long failed,
    PerConstant<Outcome, Long> failures,
    long failedNanos,
    PerConstant<Stage, Long> stageNanos,
    PerConstant<Stage, StageHistograms.Durations> durations,
    Batches batches,
    Scheduling scheduling,
    PerConstant<Limit, Long> limitHits,
    Pending pending) {

  public long stageNanos(Stage stage) {
    return stageNanos.get(stage);
  }

  public record Sum(long count, long nanos) {}

  /**
   * @param rows that were run with success
   * @param runs of the model that gave results
   * @param tokens without padding
   * @param paddedTokens with it
   * @param bySize the successful runs, by rows
   */
  public record Batches(
      long rows,
      long runs,
      long failedRuns,
      long tokens,
      long paddedTokens,
      SortedMap<Integer, Sum> bySize) {}

  /**
   * @param formed batches
   * @param formingNanos that choosing their items took
   * @param oldestWaitNanos that the first item of each had waited
   * @param drops calls that got no results, by why
   */
  public record Scheduling(
      long formed, long formingNanos, long oldestWaitNanos, PerConstant<Drop, Long> drops) {}

  /**
   * What is under way: requests in all, what of it waits or runs in the batcher, and the lanes that
   * may run more of it.
   */
  public record Pending(
      long requests,
      long waitingCalls,
      long waitingRows,
      long waitingTokens,
      long runningRows,
      int fitLanes,
      int lanesOut) {}
}
