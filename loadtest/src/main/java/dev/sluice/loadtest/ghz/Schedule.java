// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.time.Duration;

/**
 * How a rate or a concurrency changes. A line is a staircase with steps of a second, as in ghz.
 *
 * @param step change per step, or per second; may be negative
 * @param maxDuration how long it changes; zero: until {@code end} is passed
 */
public record Schedule(
    Shape shape, int start, int end, int step, Duration stepDuration, Duration maxDuration) {

  /** Named as on the command line. */
  public enum Shape {
    CONST,
    STEP,
    LINE
  }
}
