// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import java.util.Objects;

/**
 * What one caller hands in: admitted whole or not at all, answered whole and in order.
 *
 * @param items at least one; they may travel in different batches
 * @param deadlineNanos the moment, on the batcher's {@link NanoClock}, by which the answer is
 *     wanted, and after which no item of the call may start to run; {@link #NO_DEADLINE} for none
 * @param criticality how much it matters that this call is answered when not every call can be
 * @param level its place inside its class: every call of a smaller level goes first; 0 to {@link
 *     #MAX_LEVEL}
 * @param demoteNanos the moment after which, if it still waits, it goes behind all others of its
 *     level; {@link #NO_DEADLINE} for never
 * @param tenant whose it is; empty when nobody's in particular
 */
public record Call<T>(
    List<Item<T>> items,
    long deadlineNanos,
    Criticality criticality,
    int level,
    long demoteNanos,
    String tenant) {
  /** Larger than every clock reading that a running process will see. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  public static final int MAX_LEVEL = 63;

  public Call {
    items = List.copyOf(items);
    Objects.requireNonNull(criticality, "criticality");
    Objects.requireNonNull(tenant, "tenant");
    if (items.isEmpty()) {
      throw new IllegalArgumentException("a call needs at least one item");
    }
    if (level < 0 || level > MAX_LEVEL) {
      throw new IllegalArgumentException(
          "the level of a call is 0 to " + MAX_LEVEL + ", not " + level);
    }
  }

  /** A call of the first level that is never demoted. */
  public Call(List<Item<T>> items, long deadlineNanos, Criticality criticality, String tenant) {
    this(items, deadlineNanos, criticality, 0, NO_DEADLINE, tenant);
  }
}
