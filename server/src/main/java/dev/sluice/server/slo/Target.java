// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How many of all requests have to be good: a percentage with at most four decimals, kept as a
 * whole number, so that a verdict is never a matter of rounding. Some may always be bad.
 */
public record Target(int goodPerMillion) {
  public static final String RANGE = "1 to 99.9999";

  private static final int LEAST = 10_000;
  private static final int MILLION = 1_000_000;
  private static final int DECIMALS = 4;

  public Target {
    if (goodPerMillion < LEAST || goodPerMillion >= MILLION) {
      throw new IllegalArgumentException("a target is a percentage from " + RANGE);
    }
  }

  /** Reads a percentage such as {@code 99.9}; empty if it is none, or out of range. */
  public static Optional<Target> parse(String percent) {
    if (!percent.matches("[0-9]{1,2}(\\.[0-9]{1,4})?")) {
      return Optional.empty();
    }
    int perMillion = new BigDecimal(percent).movePointRight(DECIMALS).intValueExact();
    return perMillion < LEAST ? Optional.empty() : Optional.of(new Target(perMillion));
  }

  /** As it is written: the percentage in its shortest form. */
  public String percent() {
    return BigDecimal.valueOf(goodPerMillion, DECIMALS).stripTrailingZeros().toPlainString();
  }

  boolean atLeast(int percent) {
    return goodPerMillion >= percent * (MILLION / 100);
  }

  /** At least 1. */
  long badPerMillion() {
    return (long) MILLION - goodPerMillion;
  }

  /** Whether so many bad ones are more than so many requests may have. */
  boolean exceeded(long bad, long total) {
    return bad * MILLION > badPerMillion() * total;
  }

  /** The share of bad ones over the share allowed; 0 where nothing was asked. */
  double burnRate(long bad, long total) {
    return total == 0 ? 0 : (double) bad * MILLION / ((double) total * badPerMillion());
  }

  /** The smallest number of requests of which one may be bad. */
  public long naturalMinimum() {
    return (MILLION + badPerMillion() - 1) / badPerMillion();
  }

  /** How many of so many are good at the least when the target is met. */
  long goodOf(long total) {
    return total - badPerMillion() * total / MILLION;
  }
}
