// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

/** How a rate or a number of workers changes over a run; durations are nanoseconds. */
public record Schedule(
    String kind, long start, long end, long step, long stepNanos, long maxNanos) {
  /** Nothing said: what a report without options prints. */
  public static final Schedule NONE = new Schedule("", 0, 0, 0, 0, 0);

  public static final Schedule CONST = new Schedule("const", 0, 0, 0, 0, 0);

  public boolean isConst() {
    return kind.equals("const");
  }
}
