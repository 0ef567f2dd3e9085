// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs batches for one lane, part by part as {@link Isolation} names them.
 *
 * <p>Used by its lane's thread alone.
 */
final class IsolatingRunner<T, R> {
  private final BatchCore<T, R> core;
  private final BatchRunner<T, R> runner;
  private final NanoClock clock;
  private final BatchObserver observer;

  IsolatingRunner(
      BatchCore<T, R> core, BatchRunner<T, R> runner, NanoClock clock, BatchObserver observer) {
    this.core = core;
    this.runner = runner;
    this.clock = clock;
    this.observer = observer;
  }

  /** Runs the batch and settles every item of it. Throws nothing. */
  void run(FormedBatch<T, R> batch) {
    Isolation<T, R> isolation = new Isolation<>(core, observer, batch);
    try {
      for (var part = isolation.next(); part != null; part = isolation.next()) {
        attempt(isolation, part);
      }
    } catch (Throwable thrown) {
      // Not the runner's fault but, say, memory that ran out here.
      isolation.abandon(thrown);
    } finally {
      isolation.finish();
    }
  }

  private void attempt(Isolation<T, R> isolation, List<BatchItem<T, R>> part) {
    List<T> payloads = new ArrayList<>(part.size());
    part.forEach(member -> payloads.add(member.item().payload()));
    // An interrupt that an earlier run left behind is none of this run's business.
    Thread.interrupted();
    long start = clock.nanoTime();
    List<R> results;
    try {
      results = runner.run(payloads);
    } catch (Throwable thrown) {
      isolation.failed(part, thrown, clock.nanoTime() - start);
      return;
    }
    isolation.succeeded(part, results, clock.nanoTime() - start);
  }
}
