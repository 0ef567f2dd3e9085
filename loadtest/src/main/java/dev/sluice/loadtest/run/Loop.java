// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

/**
 * One thread that sends and receives, with its clock and its timer. Everything of a {@link Station}
 * happens on it.
 */
public interface Loop {
  long nanoTime();

  /** Processor time that the thread has used so far; asked on the thread. */
  long cpuNanos();

  /** Runs the task on the thread, later than now. */
  void execute(Runnable task);

  /** Runs the task on the thread at a time of {@link #nanoTime}, or soon if that is past. */
  void at(long nanoTime, Runnable task);
}
