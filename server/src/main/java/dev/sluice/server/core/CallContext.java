// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Criticality;
import java.util.Objects;

/**
 * What is said about a request beside its content.
 *
 * @param arrivedNanos when the last byte of it was there, on the server's clock
 * @param deadlineNanos on the server's clock; {@link dev.sluice.batching.Call#NO_DEADLINE} for none
 * @param tenant empty when nobody's in particular
 * @param trace to be told how the request fares
 */
public record CallContext(
    long arrivedNanos,
    long deadlineNanos,
    Criticality criticality,
    String tenant,
    RequestTrace trace) {
  public CallContext {
    Objects.requireNonNull(criticality, "criticality");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(trace, "trace");
  }

  /** Of a request that nobody follows. */
  public CallContext(
      long arrivedNanos, long deadlineNanos, Criticality criticality, String tenant) {
    this(arrivedNanos, deadlineNanos, criticality, tenant, RequestTrace.NONE);
  }
}
