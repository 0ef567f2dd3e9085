// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Call;
import dev.sluice.batching.NanoClock;
import java.time.Duration;

/**
 * The deadline that counts: the caller's, else the model's, else the server's; never beyond the
 * maximum.
 */
final class Deadlines {
  private final NanoClock clock;
  private final Duration fallback;
  private final long maxNanos;

  Deadlines(NanoClock clock, Limits limits) {
    this.clock = clock;
    this.fallback = limits.defaultDeadline().orElse(limits.maxDeadline());
    this.maxNanos = limits.maxDeadline().toNanos();
  }

  long effective(CallContext context, Deployment deployment) {
    long now = clock.nanoTime();
    if (context.deadlineNanos() == Call.NO_DEADLINE) {
      Duration byModel = deployment.queueTimeout();
      Duration timeout = byModel.isZero() ? fallback : byModel;
      return now + Math.min(maxNanos, timeout.toNanos());
    }
    return now + Math.min(maxNanos, context.deadlineNanos() - now);
  }

  boolean passed(long deadlineNanos) {
    return deadlineNanos - clock.nanoTime() <= 0;
  }
}
