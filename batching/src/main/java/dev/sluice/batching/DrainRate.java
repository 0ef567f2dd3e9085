// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * How fast rows left the queue lately, and so how long a refused caller should wait.
 *
 * <p>Remembers the last launches only, and measures up to the moment of asking: a queue that has
 * stopped draining asks for ever longer waits. Guarded by the lock of its {@link BatchCore}.
 */
final class DrainRate {
  /** Shorter than this a wait only makes work. */
  static final long MIN_WAIT_NANOS = 1_000_000L;

  /** The answer as long as nothing has been launched. */
  static final long UNKNOWN_WAIT_NANOS = 100_000_000L;

  /** Longer than this nothing can be foretold. */
  static final long MAX_WAIT_NANOS = 10_000_000_000L;

  private static final int REMEMBERED = 32;

  private final long[] times = new long[REMEMBERED];
  private final long[] rows = new long[REMEMBERED];
  private int launches;
  private int next;

  void launched(long now, long launchedRows) {
    times[next] = now;
    rows[next] = launchedRows;
    next = (next + 1) % REMEMBERED;
    launches = Math.min(launches + 1, REMEMBERED);
  }

  /** How long {@code rowsToDrain} rows will take to leave, within the bounds above. */
  long waitNanos(long now, long rowsToDrain) {
    if (launches == 0) {
      return UNKNOWN_WAIT_NANOS;
    }
    int first = launches < REMEMBERED ? 0 : next;
    long left = 0;
    for (int i = 0; i < launches; i++) {
      left += rows[i];
    }
    if (launches > 1) {
      // Measured from the first launch on, whose rows left before that.
      left -= rows[first];
    }
    double nanosPerRow = (double) Math.max(0, now - times[first]) / left;
    double wait = nanosPerRow * rowsToDrain;
    return bounded((long) wait);
  }

  /** The wait, within the bounds above. */
  static long bounded(long waitNanos) {
    return Math.min(MAX_WAIT_NANOS, Math.max(MIN_WAIT_NANOS, waitNanos));
  }
}
