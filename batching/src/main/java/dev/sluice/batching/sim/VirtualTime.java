// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Timer;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A clock and a timer that go from event to event. Events of the same moment happen in the order in
 * which they were scheduled. The clock may start anywhere and wrap. For use by one thread.
 */
final class VirtualTime implements NanoClock, Timer {
  private final long originNanos;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong((Event event) -> event.elapsedNanos)
              .thenComparingLong(event -> event.number));
  private long elapsedNanos;
  private long scheduled;

  /**
   * @param originNanos what the clock reads at the start
   */
  VirtualTime(long originNanos) {
    this.originNanos = originNanos;
  }

  @Override
  public long nanoTime() {
    return originNanos + elapsedNanos;
  }

  /** Since the start. */
  long elapsedNanos() {
    return elapsedNanos;
  }

  @Override
  public Alarm schedule(long delayNanos, Runnable task) {
    Event event = new Event(elapsedNanos + delayNanos, scheduled++, task);
    events.add(event);
    return () -> events.remove(event);
  }

  /** Goes to the next event and lets it happen; false if there is none. */
  boolean step() {
    Event event = events.poll();
    if (event == null) {
      return false;
    }
    elapsedNanos = Math.max(elapsedNanos, event.elapsedNanos);
    event.task.run();
    return true;
  }

  /** Time passes in which nothing happens, as when a machine sleeps: what was due comes late. */
  void jump(long nanos) {
    elapsedNanos += nanos;
  }

  /** How many events are still to come. */
  int pending() {
    return events.size();
  }

  private static final class Event {
    private final long elapsedNanos;
    private final long number;
    private final Runnable task;

    Event(long elapsedNanos, long number, Runnable task) {
      this.elapsedNanos = elapsedNanos;
      this.number = number;
      this.task = task;
    }
  }
}
