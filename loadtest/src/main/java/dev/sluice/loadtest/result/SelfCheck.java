// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the generator kept up with what it was asked to send; where it did not, the run says
 * nothing about the server.
 *
 * @param lateShare of the calls, 0 to 1
 * @param cpuShare of what the generator may use, 0 to 1
 */
public record SelfCheck(long sendLagP99Nanos, double lateShare, double cpuShare) {
  private static final long MOST_LAG_NANOS = 1_000_000;
  private static final double MOST_LATE = 0.01;
  private static final double MOST_CPU = 0.85;

  public boolean valid() {
    return reasons().isEmpty();
  }

  /** What was too much, each in one line. */
  public List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    if (sendLagP99Nanos > MOST_LAG_NANOS) {
      reasons.add(words("send lag p99 is %.2f ms, over 1 ms", sendLagP99Nanos / 1e6));
    }
    if (lateShare > MOST_LATE) {
      reasons.add(words("%.1f %% of the calls were sent late, over 1 %%", lateShare * 100));
    }
    if (cpuShare > MOST_CPU) {
      reasons.add(words("the generator used %.0f %% of its CPU, over 85 %%", cpuShare * 100));
    }
    return reasons;
  }

  private static String words(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
