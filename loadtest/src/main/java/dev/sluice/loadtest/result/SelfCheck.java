// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the generator kept up with what it was asked to send; where it did not, the run says
 * nothing about the server. A lag is part of the response time, and so counts against the server:
 * it may be a fifth of it, or {@value #HARMLESS_LAG_NANOS} ns, which is what a busy machine costs.
 *
 * @param responseP99Nanos of the calls that succeeded; 0 if none did
 * @param lateShare of the calls, 0 to 1
 * @param cpuShare of what the generator may use, 0 to 1
 */
public record SelfCheck(
    long sendLagP99Nanos, long responseP99Nanos, double lateShare, double cpuShare) {
  private static final long HARMLESS_LAG_NANOS = 1_000_000;
  private static final long MOST_LAG_PART = 5;
  private static final double MOST_CPU = 0.85;

  public boolean valid() {
    return reasons().isEmpty();
  }

  /** What was too much, each in one line. */
  public List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    long mostLag = Math.max(HARMLESS_LAG_NANOS, responseP99Nanos / MOST_LAG_PART);
    if (sendLagP99Nanos > mostLag) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "send lag p99 is %.2f ms, over %.2f ms",
              sendLagP99Nanos / 1e6,
              mostLag / 1e6));
    }
    if (cpuShare > MOST_CPU) {
      reasons.add(
          String.format(
              Locale.ROOT, "the generator used %.0f %% of its CPU, over 85 %%", cpuShare * 100));
    }
    return reasons;
  }
}
