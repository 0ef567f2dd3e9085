// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Timer} with one thread; any number of batchers may share it. To be closed after them:
 * what is scheduled later never runs.
 *
 * <p>Safe for use by any number of threads.
 */
public final class ThreadTimer implements Timer, AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;

  public ThreadTimer(ThreadFactory threads) {
    executor = new ScheduledThreadPoolExecutor(1, threads, new ThreadPoolExecutor.DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
    // Here it may fail; schedule() may not.
    executor.prestartAllCoreThreads();
  }

  @Override
  public Alarm schedule(long delayNanos, Runnable task) {
    Future<?> scheduled =
        executor.schedule(() -> Uncaught.guard(task), delayNanos, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
