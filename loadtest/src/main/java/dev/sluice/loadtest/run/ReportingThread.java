// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The thread that puts a run's results together; ends with {@link #close}, or the process. */
public final class ReportingThread implements Executor, AutoCloseable {
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "report");
            thread.setDaemon(true);
            return thread;
          });

  private ReportingThread() {}

  public static ReportingThread start() {
    return new ReportingThread();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
