// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices a part that does not end: a thread that waits inside of a driver hears nothing else. For
 * any number of threads; its lock guards which part it is.
 */
final class Watchdog implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon(true).name("watchdog").factory());
  private final Duration limit;
  private final Consumer<String> hung;

  /** Guarded by the lock. */
  private @Nullable ScheduledFuture<?> alarm;

  /**
   * @param limit of a part
   * @param hung told of the part that takes longer, on a thread of its own
   */
  Watchdog(Duration limit, Consumer<String> hung) {
    this.limit = limit;
    this.hung = hung;
  }

  /** What was before has ended. */
  synchronized void begins(String part) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm = timer.schedule(() -> hung.accept(part), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
