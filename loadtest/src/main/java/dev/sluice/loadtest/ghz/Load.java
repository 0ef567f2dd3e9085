// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.time.Duration;

/**
 * How many calls, how fast, how long.
 *
 * @param rps calls per second; 0: as many as the concurrency allows
 * @param total number of calls; {@link #UNLIMITED} where {@code duration} alone ends the run
 * @param duration length of the run whatever {@code total} said; zero: none
 * @param maxDuration longest length of the run beside {@code total}; zero: none
 */
public record Load(
    boolean async,
    int rps,
    Schedule rate,
    int concurrency,
    Schedule workers,
    int total,
    Duration timeout,
    Duration duration,
    Duration maxDuration,
    Stop stop,
    int skipFirst) {
  /** What ghz calls a number of calls that is not counted. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** What becomes of the calls under way when the time is over. */
  public enum Stop {
    CLOSE,
    WAIT,
    IGNORE
  }
}
