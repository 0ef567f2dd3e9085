// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How finely durations are kept: to about 1 us up to 262 us, to 0.8 % beyond, up to one hour;
 * longer ones count as an hour. Every histogram has this one shape and a fixed 27 KiB.
 */
final class Resolution {
  private static final long LOWEST_NANOS = 1024;
  private static final long HIGHEST_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 2;

  private Resolution() {}

  static SingleWriterRecorder recorder() {
    return new SingleWriterRecorder(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  }

  static Histogram histogram() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  }

  static long clamp(long nanos) {
    return Math.max(0, Math.min(HIGHEST_NANOS, nanos));
  }
}
