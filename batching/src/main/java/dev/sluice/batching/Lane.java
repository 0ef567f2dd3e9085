// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * One instance of what runs batches: takes what is due, runs it, until the batcher is closed. Owned
 * by one thread. Nothing that a runner, a completion or an observer throws ends it.
 */
final class Lane<T, R> implements Runnable {
  private final int number;
  private final BatchCore<T, R> core;
  private final BatchRunner<T, R> runner;
  private final IsolatingRunner<T, R> isolating;

  Lane(
      int number,
      BatchCore<T, R> core,
      BatchRunner<T, R> runner,
      NanoClock clock,
      BatchObserver observer) {
    this.number = number;
    this.core = core;
    this.runner = runner;
    this.isolating = new IsolatingRunner<>(core, runner, clock, observer);
  }

  @Override
  public void run() {
    boolean open = true;
    while (open) {
      try {
        open = perform(core.awaitTask(number));
      } catch (Throwable thrown) {
        Uncaught.report(thrown);
      }
    }
    Uncaught.guard(runner::close);
  }

  /** Does what is to be done; false when that is to end. */
  boolean perform(@Nullable LaneTask<T, R> task) {
    switch (task) {
      case null -> {
        return false;
      }
      case FormedBatch<T, R> batch -> isolating.run(batch);
      case LaneTask.Check<T, R> check -> core.checked(number, whatIsWrong());
    }
    return true;
  }

  private @Nullable Throwable whatIsWrong() {
    try {
      runner.check();
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }
}
