// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch formed now would be.
 *
 * @param members in the order of urgency; empty only if nothing waits, or nothing but what is late
 * @param open what it holds, before it is cut to a preferred size, if waiting for more items may
 *     make it fuller; null if that would be in vain
 * @param late calls that waited but can no longer be answered in time
 * @param fault what the {@link Selection} threw, if it did
 */
record BatchPlan<T, R>(
    List<BatchItem<T, R>> members,
    int rows,
    long paddedTokens,
    @Nullable Filling open,
    List<PendingCall<T, R>> late,
    @Nullable Throwable fault) {
  static <T, R> BatchPlan<T, R> nothing() {
    return nothingBut(List.of());
  }

  static <T, R> BatchPlan<T, R> nothingBut(List<PendingCall<T, R>> late) {
    return new BatchPlan<>(List.of(), 0, 0, null, late, null);
  }

  /** Whether it is as full as it can get. */
  boolean isFull() {
    return open == null && !members.isEmpty();
  }
}
