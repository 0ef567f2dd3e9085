// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Call;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.telemetry.Limit;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The deadline that counts: the caller's, else the model's, else the server's; never beyond the
 * maximum.
 */
final class Deadlines {
  private final NanoClock clock;
  private final Consumer<Limit> hits;
  private final Duration fallback;
  private final long maxNanos;

  /**
   * @param hits told when a caller asks for more than the maximum
   */
  Deadlines(NanoClock clock, Limits limits, Consumer<Limit> hits) {
    this.clock = clock;
    this.hits = hits;
    this.fallback = limits.defaultDeadline().orElse(limits.maxDeadline());
    this.maxNanos = limits.maxDeadline().toNanos();
  }

  long effective(CallContext context, Deployment deployment) {
    return effective(context.deadlineNanos(), deployment);
  }

  /**
   * @param deadlineNanos the caller's
   */
  long effective(long deadlineNanos, Deployment deployment) {
    long now = clock.nanoTime();
    if (deadlineNanos == Call.NO_DEADLINE) {
      Duration byModel = deployment.queueTimeout();
      Duration timeout = byModel.isZero() ? fallback : byModel;
      return now + Math.min(maxNanos, timeout.toNanos());
    }
    long asked = deadlineNanos - now;
    if (asked > maxNanos) {
      hits.accept(Limit.DEADLINE);
    }
    return now + Math.min(maxNanos, asked);
  }

  boolean passed(long deadlineNanos) {
    return deadlineNanos - clock.nanoTime() <= 0;
  }
}
