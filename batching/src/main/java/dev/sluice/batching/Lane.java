// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * One instance of what runs batches: takes what is due, runs it, until the batcher is closed. Owned
 * by one thread. Nothing that a runner, a completion or an observer throws ends it.
 */
final class Lane<T, R> implements Runnable {
  private final BatchCore<T, R> core;
  private final BatchRunner<T, R> runner;
  private final IsolatingRunner<T, R> isolating;

  Lane(BatchCore<T, R> core, BatchRunner<T, R> runner, NanoClock clock, BatchObserver observer) {
    this.core = core;
    this.runner = runner;
    this.isolating = new IsolatingRunner<>(core, runner, clock, observer);
  }

  @Override
  public void run() {
    boolean open = true;
    while (open) {
      try {
        open = runNext();
      } catch (Throwable thrown) {
        Uncaught.report(thrown);
      }
    }
    Uncaught.guard(runner::close);
  }

  private boolean runNext() {
    FormedBatch<T, R> batch = core.awaitNext();
    if (batch == null) {
      return false;
    }
    isolating.run(batch);
    return true;
  }
}
