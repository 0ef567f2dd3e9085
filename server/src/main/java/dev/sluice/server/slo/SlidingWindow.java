// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The requests of the last while, in a ring of slots. What is added is counted until the window is
 * over since its slot began: for 59 to 60 sixtieths of the window. Slots carry their number, so
 * however far the clock jumps, what is old is never taken for new. Not thread-safe.
 */
final class SlidingWindow {
  static final int SLOTS = 60;

  /** The short window is a twelfth, as alerts on two windows want it. */
  static final int SHORT_SLOTS = SLOTS / 12;

  private static final long NEVER = -1;

  private final long slotNanos;
  private final long[] numbers = new long[SLOTS];
  private final Events[] slots = new Events[SLOTS];

  SlidingWindow(long windowNanos) {
    slotNanos = windowNanos / SLOTS;
    Arrays.fill(numbers, NEVER);
    Arrays.fill(slots, Events.NONE);
  }

  /**
   * @param nanos when they came, from 0 on
   */
  void add(long nanos, Events events) {
    long number = nanos / slotNanos;
    int index = (int) (number % SLOTS);
    slots[index] = numbers[index] == number ? slots[index].plus(events) : events;
    numbers[index] = number;
  }

  /** What came in the newest slots, the one that is open at that time among them. */
  Events newest(int count, long nanos) {
    long open = nanos / slotNanos;
    List<Events> counted = new ArrayList<>(count);
    for (int index = 0; index < SLOTS; index++) {
      if (numbers[index] != NEVER && numbers[index] > open - count && numbers[index] <= open) {
        counted.add(slots[index]);
      }
    }
    return Events.sum(counted);
  }

  boolean emptyAt(long nanos) {
    return newest(SLOTS, nanos).isEmpty();
  }
}
