// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way through a lane. Keeps a bad item from hurting its batch-mates: a batch that
 * fails is halved and run again until the bad items stand alone. Good parts are answered as they
 * come.
 *
 * <p>A batch of n costs at most {@value #RERUNS_PER_LEVEL} * ceil(log2 n) runs beyond its first,
 * which is enough for up to four bad items wherever they stand; what is not yet answered then fails
 * with the last cause. So a device that fails always is not kept busy with failing.
 *
 * <p>Takes no time and runs nothing itself: whoever owns it, alone, runs the parts that it names.
 */
final class Isolation<T, R> {
  /** Each bad item costs two runs on each level of halving. */
  static final int RERUNS_PER_LEVEL = 2 * 4;

  private final BatchCore<T, R> core;
  private final BatchObserver observer;
  private final FormedBatch<T, R> batch;
  private final Deque<List<BatchItem<T, R>>> suspects = new ArrayDeque<>(0);
  private @Nullable Throwable cause;
  private int rerunsLeft;
  private boolean started;
  private boolean answered;

  Isolation(BatchCore<T, R> core, BatchObserver observer, FormedBatch<T, R> batch) {
    this.core = core;
    this.observer = observer;
    this.batch = batch;
    this.rerunsLeft = RERUNS_PER_LEVEL * levels(batch.members().size());
  }

  /**
   * The items to run together next, after which one of {@link #succeeded} and {@link #failed} is to
   * be called; null when every item is settled.
   */
  @Nullable List<BatchItem<T, R>> next() {
    if (!started) {
      started = true;
      tellFormed();
      return batch.members();
    }
    while (!suspects.isEmpty()) {
      List<BatchItem<T, R>> part = core.stillWanted(suspects.pop());
      if (part.isEmpty()) {
        continue;
      }
      if (rerunsLeft > 0) {
        rerunsLeft--;
        return part;
      }
      core.failed(part, lastCause(), RunStats.NONE);
    }
    return null;
  }

  /** The part that was named last ran and gave these results, or a list that is none. */
  void succeeded(List<BatchItem<T, R>> part, @Nullable List<R> results, long computeNanos) {
    List<R> checked;
    try {
      checked = checked(results, part.size());
    } catch (Throwable thrown) {
      // Whatever it was, nobody got an answer.
      failed(part, thrown, computeNanos);
      return;
    }
    answered = true;
    RunStats run = RunStats.of(part, core.batchLimits(), computeNanos);
    observe(run, false);
    core.succeeded(part, checked, run);
  }

  /** The part that was named last ran, and this is what the runner threw. */
  void failed(List<BatchItem<T, R>> part, Throwable thrown, long computeNanos) {
    RunStats run = RunStats.of(part, core.batchLimits(), computeNanos);
    observe(run, true);
    if (part.size() == 1) {
      core.failed(part, thrown, run);
    } else {
      core.failedTogether(part, run);
      cause = thrown;
      int middle = (part.size() + 1) / 2;
      suspects.push(part.subList(middle, part.size()));
      suspects.push(part.subList(0, middle));
    }
  }

  /** Something went wrong that is not the runner's fault: nobody may be left unanswered. */
  void abandon(Throwable thrown) {
    suspects.clear();
    core.failed(batch.members(), thrown, RunStats.NONE);
  }

  /** Every item is settled: the lane is free. */
  void finish() {
    core.finished(batch.lane(), answered);
  }

  boolean isSettled() {
    return started && suspects.isEmpty();
  }

  private Throwable lastCause() {
    return cause == null ? new IllegalStateException("nothing failed") : cause;
  }

  private static <R> List<R> checked(@Nullable List<R> results, int expected) {
    if (results == null) {
      throw new IllegalStateException("the runner gave no list of results");
    }
    if (results.size() != expected) {
      throw new IllegalStateException(
          "the runner gave " + results.size() + " results for " + expected + " payloads");
    }
    return List.copyOf(results);
  }

  private void tellFormed() {
    RunStats stats = batch.stats();
    Uncaught.guard(
        () ->
            observer.batchFormed(
                batch.lane(),
                stats.rows(),
                stats.tokens(),
                stats.paddedTokens(),
                batch.waitNanos(),
                batch.formingNanos()));
    if (batch.fault() != null) {
      Uncaught.report(batch.fault());
    }
  }

  private void observe(RunStats run, boolean failed) {
    Uncaught.guard(
        () ->
            observer.batchRan(
                run.rows(), run.tokens(), run.paddedTokens(), run.computeNanos(), failed));
  }

  private static int levels(int size) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
  }
}
