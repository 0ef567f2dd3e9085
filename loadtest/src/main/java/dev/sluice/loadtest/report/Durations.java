// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

/** Durations for people, as ghz's summary prints them. */
final class Durations {
  private static final long FEW_NANOS = 10_000;
  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;

  private Durations() {}

  static String text(long nanos) {
    if (nanos < FEW_NANOS) {
      return nanos + " ns";
    }
    return nanos < SECOND
        ? GoNumbers.fixed(nanos / MILLI, 2) + " ms"
        : GoNumbers.fixed(nanos / SECOND, 2) + " s";
  }

  static String millis(long nanos) {
    return GoNumbers.fixed(nanos / MILLI, 2);
  }
}
