// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;

/**
 * What a batch formed now would be.
 *
 * @param members in the order of urgency; empty only if nothing waits, or nothing but what is late
 * @param full whether waiting for more items would be in vain
 * @param late calls that waited but can no longer be answered in time
 */
record BatchPlan<T, R>(
    List<BatchItem<T, R>> members,
    int rows,
    long paddedTokens,
    boolean full,
    List<PendingCall<T, R>> late) {
  static <T, R> BatchPlan<T, R> nothing() {
    return new BatchPlan<>(List.of(), 0, 0, false, List.of());
  }
}
