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
 */
public record CallContext(
    long arrivedNanos, long deadlineNanos, Criticality criticality, String tenant) {
  public CallContext {
    Objects.requireNonNull(criticality, "criticality");
    Objects.requireNonNull(tenant, "tenant");
  }
}
