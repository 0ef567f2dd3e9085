// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches for one lane and keeps a bad item from hurting its batch-mates: a batch that fails
 * is halved and run again until the bad items stand alone. Good parts are answered as they come.
 *
 * <p>A batch of n costs at most {@value #RERUNS_PER_LEVEL} * ceil(log2 n) runs beyond its first,
 * which is enough for up to four bad items wherever they stand; what is not yet answered then fails
 * with the last cause. So a device that fails always is not kept busy with failing.
 *
 * <p>Used by its lane's thread alone.
 */
final class IsolatingRunner<T, R> {
  /** Each bad item costs two runs on each level of halving. */
  static final int RERUNS_PER_LEVEL = 2 * 4;

  private final BatchCore<T, R> core;
  private final BatchRunner<T, R> runner;
  private final NanoClock clock;
  private final BatchObserver observer;
  private boolean answered;

  IsolatingRunner(
      BatchCore<T, R> core, BatchRunner<T, R> runner, NanoClock clock, BatchObserver observer) {
    this.core = core;
    this.runner = runner;
    this.clock = clock;
    this.observer = observer;
  }

  /** Runs the batch and settles every item of it. Throws nothing. */
  void run(FormedBatch<T, R> batch) {
    answered = false;
    try {
      Throwable cause = attempt(batch.members());
      if (cause != null) {
        isolate(batch.members(), cause);
      }
    } catch (Throwable thrown) {
      // Not the runner's fault but, say, memory that ran out here: nobody may be left unanswered.
      core.failed(batch.members(), thrown, RunStats.NONE);
    }
    core.finished(batch.lane(), answered);
  }

  private void isolate(List<BatchItem<T, R>> failedBatch, Throwable firstCause) {
    int rerunsLeft = RERUNS_PER_LEVEL * levels(failedBatch.size());
    Throwable cause = firstCause;
    Deque<List<BatchItem<T, R>>> suspects = new ArrayDeque<>();
    pushHalves(failedBatch, suspects);
    while (!suspects.isEmpty()) {
      List<BatchItem<T, R>> part = core.stillWanted(suspects.pop());
      if (part.isEmpty()) {
        continue;
      }
      if (rerunsLeft == 0) {
        core.failed(part, cause, RunStats.NONE);
        continue;
      }
      rerunsLeft--;
      Throwable thrown = attempt(part);
      if (thrown != null) {
        cause = thrown;
        pushHalves(part, suspects);
      }
    }
  }

  /** Runs the items once. Returns null if that settled them, else why they have to run apart. */
  private @Nullable Throwable attempt(List<BatchItem<T, R>> part) {
    List<T> payloads = new ArrayList<>(part.size());
    part.forEach(member -> payloads.add(member.item().payload()));
    // An interrupt that an earlier run left behind is none of this run's business.
    Thread.interrupted();
    long start = clock.nanoTime();
    List<R> results;
    try {
      results = checked(runner.run(payloads), part.size());
    } catch (Throwable thrown) {
      RunStats run = RunStats.of(part, clock.nanoTime() - start);
      observe(run, true);
      return failed(part, thrown, run);
    }
    RunStats run = RunStats.of(part, clock.nanoTime() - start);
    answered = true;
    observe(run, false);
    core.succeeded(part, results, run);
    return null;
  }

  private @Nullable Throwable failed(List<BatchItem<T, R>> part, Throwable cause, RunStats run) {
    if (part.size() == 1) {
      core.failed(part, cause, run);
      return null;
    }
    core.failedTogether(part, run);
    return cause;
  }

  private static <R> List<R> checked(List<R> results, int expected) {
    if (results == null) {
      throw new IllegalStateException("the runner gave no list of results");
    }
    if (results.size() != expected) {
      throw new IllegalStateException(
          "the runner gave " + results.size() + " results for " + expected + " payloads");
    }
    return List.copyOf(results);
  }

  private void observe(RunStats run, boolean failed) {
    Uncaught.guard(
        () ->
            observer.batchRan(
                run.rows(), run.tokens(), run.paddedTokens(), run.computeNanos(), failed));
  }

  private static <E> void pushHalves(List<E> failed, Deque<List<E>> suspects) {
    int middle = (failed.size() + 1) / 2;
    suspects.push(failed.subList(middle, failed.size()));
    suspects.push(failed.subList(0, middle));
  }

  private static int levels(int size) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
  }
}
