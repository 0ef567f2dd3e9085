// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Keeps the queue short while more comes than can be done. A queue that is never shorter than the
 * target wait for a whole interval is not a burst but an overload: from then on a call is refused
 * if its own wait would be longer than its class allows. The first moment at which nothing waits
 * ends that.
 *
 * <p>It looks at the wait, not at how long calls take altogether, so a slow model is not mistaken
 * for an overloaded one. Guarded by the lock of its {@link BatchCore}.
 */
final class OverloadGate {
  static final long INTERVAL_NANOS = 100_000_000;

  private final long targetNanos;
  private boolean overloaded;
  private boolean measuring;
  private long sinceNanos;

  /**
   * @param targetNanos how long a wait is good; {@link Long#MAX_VALUE} for any
   */
  OverloadGate(long targetNanos) {
    this.targetNanos = targetNanos;
  }

  boolean isOff() {
    return targetNanos == Long.MAX_VALUE;
  }

  /**
   * @param waitNanos how long a call that came now, behind all others, would wait
   * @param empty whether nothing waits
   */
  void observe(long nowNanos, long waitNanos, boolean empty) {
    if (empty) {
      overloaded = false;
    }
    if (waitNanos <= targetNanos) {
      measuring = false;
    } else if (!measuring) {
      measuring = true;
      sinceNanos = nowNanos;
    } else if (nowNanos - sinceNanos >= INTERVAL_NANOS) {
      overloaded = true;
    }
  }

  /** By how much the wait is too long for a call of this class; 0 if it may come in. */
  long excessNanos(Criticality criticality, long waitNanos) {
    if (!overloaded) {
      return 0;
    }
    long allowed =
        switch (criticality) {
          case CRITICAL_PLUS -> 2 * targetNanos;
          case CRITICAL -> targetNanos;
          case SHEDDABLE_PLUS -> targetNanos / 2;
          case SHEDDABLE -> targetNanos / 4;
        };
    return Math.max(0, waitNanos - allowed);
  }
}
