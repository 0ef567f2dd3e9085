// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock and a timer that move only when told to. For one thread. */
final class VirtualTime implements NanoClock, Timer {
  private final long origin;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.comparingLong(Task::elapsed).thenComparingLong(Task::sequence));
  private long elapsed;
  private long nextSequence;

  VirtualTime(long origin) {
    this.origin = origin;
  }

  @Override
  public long nanoTime() {
    return origin + elapsed;
  }

  @Override
  public Alarm schedule(long delayNanos, Runnable task) {
    Task scheduled = new Task(elapsed + delayNanos, nextSequence++, task);
    tasks.add(scheduled);
    return () -> tasks.remove(scheduled);
  }

  /** Lets time pass, and what is due on the way happen at its moment. */
  void advance(long nanos) {
    long end = elapsed + nanos;
    while (!tasks.isEmpty() && tasks.element().elapsed() <= end) {
      Task due = tasks.remove();
      elapsed = Math.max(elapsed, due.elapsed());
      due.task().run();
    }
    elapsed = end;
  }

  int scheduledTasks() {
    return tasks.size();
  }

  private record Task(long elapsed, long sequence, Runnable task) {}
}
