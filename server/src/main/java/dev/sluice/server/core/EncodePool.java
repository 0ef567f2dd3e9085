// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.server.telemetry.Limit;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where texts are tokenized: a few threads, before the queue, with a bound on the inputs that wait
 * for them. Safe for any number of threads.
 */
final class EncodePool {
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  private final Executor threads;
  private final int maxInputs;

  @GuardedBy("this")
  private int pending;

  EncodePool(Executor threads, int maxInputs) {
    this.threads = threads;
    this.maxInputs = maxInputs;
  }

  /** Runs the task soon, or refuses it now because too many inputs wait already. */
  void submit(int inputs, Runnable task) {
    synchronized (this) {
      if (inputs > maxInputs - pending) {
        throw new ProblemException(
            new Problem.Overloaded(
                "too many inputs wait to be tokenized (limit " + maxInputs + ")", RETRY_AFTER),
            Limit.ENCODING);
      }
      pending += inputs;
    }
    try {
      threads.execute(() -> runAndRelease(inputs, task));
    } catch (RejectedExecutionException shutDown) {
      release(inputs);
      throw Problems.unavailable("the server is shutting down");
    } catch (Throwable noThread) {
      release(inputs);
      throw noThread;
    }
  }

  private void runAndRelease(int inputs, Runnable task) {
    try {
      task.run();
    } finally {
      release(inputs);
    }
  }

  private synchronized void release(int inputs) {
    pending -= inputs;
  }
}
