// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.ghz.Schedule;

/**
 * A whole number that changes by steps as time goes by and then stays: a rate or a concurrency. As
 * ghz has it, it stays at {@code end} once that is passed or the longest time is over; with an end
 * of 0, which is none, it stays where that time left it.
 *
 * @param stepNanos length of a step
 * @param maxNanos how long it changes; 0: until the end is passed
 */
public record Staircase(int start, int step, long stepNanos, int end, long maxNanos) {
  /** Beyond any run. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final long SECOND = 1_000_000_000L;

  public static Staircase constant(int value) {
    return new Staircase(value, 0, SECOND, value, 0);
  }

  /**
   * @param constant what it is if the schedule has no shape
   */
  public static Staircase of(Schedule schedule, int constant) {
    if (schedule.shape() == Schedule.Shape.CONST) {
      return constant(constant);
    }
    boolean line = schedule.shape() == Schedule.Shape.LINE;
    return new Staircase(
        schedule.start(),
        schedule.step(),
        line ? SECOND : schedule.stepDuration().toNanos(),
        schedule.end(),
        schedule.maxDuration().toNanos());
  }

  /** The value so many nanoseconds after the start; what was before the start counts as it. */
  public int at(long nanos) {
    long time = Math.max(0, nanos);
    if (timeIsOver(time)) {
      return end > 0 ? end : clamped(level(maxNanos));
    }
    long level = level(time);
    return passed(level) ? end : clamped(level);
  }

  /** When the value may next be another, or {@link #NEVER}. */
  public long nextChange(long nanos) {
    long time = Math.max(0, nanos);
    if (step == 0 || timeIsOver(time) || passed(level(time)) || level(time) < 0) {
      return NEVER;
    }
    long next = (time / stepNanos + 1) * stepNanos;
    return maxNanos > 0 ? Math.min(next, maxNanos) : next;
  }

  /** The most that it is at any time; unbounded where nothing ends its growth. */
  public int most() {
    if (step <= 0) {
      return start;
    }
    return end > 0 ? Math.max(start, end) : maxNanos > 0 ? at(maxNanos) : Integer.MAX_VALUE;
  }

  private boolean timeIsOver(long time) {
    return maxNanos > 0 && time >= maxNanos;
  }

  private boolean passed(long level) {
    return end > 0 && step != 0 && (step > 0 ? level >= end : level <= end);
  }

  private long level(long time) {
    return start + step * Math.min(time / stepNanos, Integer.MAX_VALUE);
  }

  private static int clamped(long level) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, level));
  }
}
