// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock and a timer that move only when told to. Its lock guards its fields; tasks run outside of
 * it, on the thread that lets time pass.
 */
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
  public synchronized long nanoTime() {
    return origin + elapsed;
  }

  @Override
  public synchronized Alarm schedule(long delayNanos, Runnable task) {
    Task scheduled = new Task(elapsed + delayNanos, nextSequence++, task);
    tasks.add(scheduled);
    return () -> remove(scheduled);
  }

  /** Lets time pass, and what is due on the way happen at its moment. */
  void advance(long nanos) {
    long end = elapsed() + nanos;
    for (Task due = nextBy(end); due != null; due = nextBy(end)) {
      due.task().run();
    }
  }

  /** Moves to the next task that is due by then, or if there is none, to the end. */
  private synchronized @Nullable Task nextBy(long end) {
    if (tasks.isEmpty() || tasks.element().elapsed() > end) {
      elapsed = Math.max(elapsed, end);
      return null;
    }
    Task due = tasks.remove();
    elapsed = Math.max(elapsed, due.elapsed());
    return due;
  }

  private synchronized long elapsed() {
    return elapsed;
  }

  private synchronized void remove(Task task) {
    tasks.remove(task);
  }

  synchronized int scheduledTasks() {
    return tasks.size();
  }

  private record Task(long elapsed, long sequence, Runnable task) {}
}
