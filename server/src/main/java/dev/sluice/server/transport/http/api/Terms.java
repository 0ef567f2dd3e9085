// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.Call;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.transport.shared.RequestParameters;
import dev.sluice.server.transport.shared.TermRules;

/** The {@link CallContext} of a request, from its headers and from what it says itself. */
final class Terms {
  private final NanoClock clock;

  Terms(NanoClock clock) {
    this.clock = clock;
  }

  CallContext context(ApiRequest request) {
    return new CallContext(
        request.arrivedNanos(),
        Call.NO_DEADLINE,
        TermRules.criticality("header sluice-criticality", request.header("sluice-criticality")),
        TermRules.tenant("header sluice-tenant", request.header("sluice-tenant")),
        request.trace(),
        null);
  }

  /** Of an infer request, whose parameters go before headers. */
  CallContext context(ApiRequest request, RequestParameters parameters) {
    return parameters.on(context(request), clock);
  }
}
