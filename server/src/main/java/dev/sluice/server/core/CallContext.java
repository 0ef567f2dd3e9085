// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Criticality;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is said about a request beside its content.
 *
 * @param arrivedNanos when the last byte of it was there, on the server's clock
 * @param deadlineNanos on the server's clock; {@link dev.sluice.batching.Call#NO_DEADLINE} for none
 * @param tenant empty when nobody's in particular
 * @param trace to be told how the request fares
 * @param queueing what an infer request says of its own about its place in the queue, counted into
 *     deadline and criticality already; null for nothing
 */
public record CallContext(
    long arrivedNanos,
    long deadlineNanos,
    Criticality criticality,
    String tenant,
    RequestTrace trace,
    @Nullable Queueing queueing) {
  public CallContext {
    Objects.requireNonNull(criticality, "criticality");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(trace, "trace");
  }

  /** Of a request that nobody follows. */
  public CallContext(
      long arrivedNanos, long deadlineNanos, Criticality criticality, String tenant) {
    this(arrivedNanos, deadlineNanos, criticality, tenant, RequestTrace.NONE, null);
  }

  /**
   * The parameters {@code priority} and {@code timeout}, for models whose configuration gives them
   * a meaning of its own, and what holds without them.
   *
   * @param priority 0 for none, 1 for the highest
   * @param timeoutNanos 0 for none
   * @param criticality that of the rest of the request
   * @param deadlineNanos that of the rest of the request
   */
  public record Queueing(
      int priority, long timeoutNanos, Criticality criticality, long deadlineNanos) {}
}
