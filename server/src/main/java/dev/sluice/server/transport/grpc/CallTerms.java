// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.batching.Criticality;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.transport.shared.RequestParameters;
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
   * @param criticality what the request itself says, which goes before metadata
   * @param tenant what the request itself says, which goes before metadata; else empty
   */
  CallContext context(@Nullable Criticality criticality, String tenant) {
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
        Arrival.current().nanos(), deadline(), level, payer, CallTraces.current(), null);
  }

  /** Of an infer request, whose parameters go before metadata. */
  CallContext context(RequestParameters parameters) {
    return parameters.on(context(null, ""), clock);
  }

  private long deadline() {
    Deadline deadline = Context.current().getDeadline();
    return TermRules.deadline(
        deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.NANOSECONDS), clock);
  }
}
