// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import java.util.Objects;

/**
 * What one caller hands in: admitted whole or not at all, answered whole and in order.
 *
 * @param items at least one; they may travel in different batches
 * @param deadlineNanos the moment, on the batcher's {@link NanoClock}, after which no item of the
 *     call may start to run; {@link #NO_DEADLINE} for none
 * @param criticality how much it matters that this call is answered when not every call can be
 * @param tenant whose it is; empty when nobody's in particular
 */
public record Call<T>(
    List<Item<T>> items, long deadlineNanos, Criticality criticality, String tenant) {
  /** Larger than every clock reading that a running process will see. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  public Call {
    items = List.copyOf(items);
    Objects.requireNonNull(criticality, "criticality");
    Objects.requireNonNull(tenant, "tenant");
    if (items.isEmpty()) {
      throw new IllegalArgumentException("a call needs at least one item");
    }
  }
}
