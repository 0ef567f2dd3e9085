// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Item;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nothing is passed over for ever. A batcher with ageing A forms every fourth batch by arrival as
 * soon as the oldest call has waited for A; so from then on, of any four batches one holds an item
 * of that call. By induction, a call of n items that has k items before it in order of arrival is
 * on its way after A and 4 (k + n) batches at the most.
 */
final class Starvation {
  private static final int TURN = 4;

  private final long ageingNanos;
  private @Nullable TrackedCall oldest;
  private int passedOver;

  Starvation(long ageingNanos) {
    this.ageingNanos = ageingNanos;
  }

  /** A batch was formed while these, in order of arrival, waited. */
  void launched(Set<TrackedCall> waiting, List<Item<Probe>> batch, long now) {
    TrackedCall first = waiting.iterator().next();
    boolean served = batch.stream().anyMatch(item -> item.payload().call.equals(first));
    if (!first.equals(oldest) || served || now - first.submittedNanos < ageingNanos) {
      passedOver = 0;
    }
    oldest = first;
    if (!served && now - first.submittedNanos >= ageingNanos) {
      passedOver++;
      Account.require(passedOver < TURN, "nothing starves", first);
    }
  }
}
