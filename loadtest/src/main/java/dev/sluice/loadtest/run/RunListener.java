// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.RunResult;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Watches a run while it goes on; called on its reporting thread, in order. */
public interface RunListener {
  RunListener NONE = new RunListener() {};

  /** The run has begun; intervals count from this time, in milliseconds since 1970. */
  default void began(long epochMillis) {}

  /** An interval is over, of a second as a rule. */
  default void passed(Progress progress) {}

  /**
   * How far a run is.
   *
   * @param interval the last one, not to be kept: its histograms are used again
   * @param count calls that ended so far
   * @param soFar what the run has measured until now, without details and self-check
   * @param stop ends the run early
   */
  record Progress(
      Interval interval,
      long count,
      long failed,
      long dropped,
      Supplier<RunResult> soFar,
      Consumer<EndReason> stop) {}

  /** Both hear everything, this one first. */
  default RunListener and(RunListener other) {
    RunListener first = this;
    return new RunListener() {
      @Override
      public void began(long epochMillis) {
        first.began(epochMillis);
        other.began(epochMillis);
      }

      @Override
      public void passed(Progress progress) {
        first.passed(progress);
        other.passed(progress);
      }
    };
  }
}
