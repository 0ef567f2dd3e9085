// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stands until a test turns it. What is due then runs on a thread of its own. One lock. */
final class SteppedTime implements NanoClock, Timer, AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("stepped-", 0).factory());
  private final Queue<Due> waiting = new PriorityQueue<>(Comparator.comparingLong(Due::atNanos));
  private long now = Duration.ofDays(1).toNanos();

  private record Due(long atNanos, Runnable task) {}

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized Alarm schedule(long delayNanos, Runnable task) {
    Due due = new Due(now + delayNanos, task);
    waiting.add(due);
    if (delayNanos <= 0) {
      thread.execute(this::runDue);
    }
    return () -> cancel(due);
  }

  private synchronized void cancel(Due due) {
    waiting.remove(due);
  }

  /** Returns when all that is due by then has run. */
  void step(Duration time) throws Exception {
    synchronized (this) {
      now += time.toNanos();
    }
    thread.submit(this::runDue).get(1, TimeUnit.MINUTES);
  }

  private void runDue() {
    for (Due due = next(); due != null; due = next()) {
      due.task().run();
    }
  }

  private synchronized @Nullable Due next() {
    Due first = waiting.peek();
    return first == null || first.atNanos() > now ? null : waiting.remove();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
