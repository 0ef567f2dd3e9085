// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.batching.Criticality;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.transport.shared.TermRules;
import io.grpc.Context;
import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The {@link CallContext} of the call that is being handled on this thread. */
final class CallTerms {
  private final NanoClock clock;

  CallTerms(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * @param timeoutNanos what the request itself says; 0 for nothing
   * @param criticality what the request itself says, which goes before metadata
   * @param tenant what the request itself says, which goes before metadata; else empty
   */
  CallContext context(long timeoutNanos, @Nullable Criticality criticality, String tenant) {
    CallHeaders headers = CallHeaders.current();
    String payer =
        tenant.isEmpty()
            ? TermRules.tenant("metadata sluice-tenant", headers.tenant())
            : TermRules.tenant("tenant", tenant);
    Criticality level =
        criticality == null
            ? TermRules.criticality("metadata sluice-criticality", headers.criticality())
            : criticality;
    return new CallContext(
        Arrival.current().nanos(), deadline(timeoutNanos), level, payer, CallTraces.current());
  }

  private long deadline(long timeoutNanos) {
    long wait = timeoutNanos > 0 ? timeoutNanos : Long.MAX_VALUE;
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      wait = Math.min(wait, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    return TermRules.deadline(wait, clock);
  }
}
