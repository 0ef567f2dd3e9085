// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.Criticality;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.transport.shared.TermRules;
import org.jspecify.annotations.Nullable;

/** The {@link CallContext} of a request, from its headers and from what it says itself. */
final class Terms {
  private final NanoClock clock;

  Terms(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * @param timeoutNanos 0 for none
   * @param criticality what the body says, which goes before the header
   */
  CallContext context(ApiRequest request, long timeoutNanos, @Nullable Criticality criticality) {
    return new CallContext(
        request.arrivedNanos(),
        TermRules.deadline(timeoutNanos == 0 ? Long.MAX_VALUE : timeoutNanos, clock),
        criticality == null
            ? TermRules.criticality(
                "header sluice-criticality", request.header("sluice-criticality"))
            : criticality,
        TermRules.tenant("header sluice-tenant", request.header("sluice-tenant")),
        request.trace());
  }
}
