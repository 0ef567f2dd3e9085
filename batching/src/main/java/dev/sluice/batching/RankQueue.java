// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The waiting calls of one rank (criticality class and level), a share for each tenant.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class RankQueue<T, R> {
  private final Map<Tenant, Share<T, R>> shares = new HashMap<>();
  private final ArrayList<Share<T, R>> active = new ArrayList<>();

  /** What the least served tenant has had that wanted anything; never falls. */
  private double floor;

  /** What its waiting items cost. */
  final Amount waiting = new Amount();

  final int number;

  RankQueue(int number) {
    this.number = number;
  }

  /** Adds a call; returns the share it is in. */
  Share<T, R> add(PendingCall<T, R> call, Tenant tenant) {
    Share<T, R> share = shares.get(tenant);
    if (share == null) {
      share = new Share<>(this, tenant);
      shares.put(tenant, share);
    }
    // All that may fail, for want of memory, comes before the first change.
    active.ensureCapacity(active.size() + 1);
    share.calls.add(call);
    if (share.calls.size() == 1) {
      raiseFloor();
      share.catchUp(floor);
      active.add(share);
    }
    return share;
  }

  /** A call has left the share. */
  void left(Share<T, R> share) {
    if (share.calls.isEmpty()) {
      raiseFloor();
      active.remove(share);
    }
  }

  int entries() {
    int sum = active.size();
    for (Share<T, R> share : shares.values()) {
      sum += share.calls.entries();
    }
    return sum;
  }

  /** The shares in which something waits. */
  List<Share<T, R>> active() {
    return active;
  }

  /** What is due here before a call of this tenant; of others as much as fairness lets go first. */
  Ahead aheadOf(Tenant tenant, long dueKey, double leadTokens) {
    Share<T, R> own = shares.get(tenant);
    Ahead ahead = own == null ? Ahead.NOTHING : own.dueBy(dueKey);
    double ownService = ahead.tokens() / tenant.weight;
    Ahead others = Ahead.NOTHING;
    for (Share<T, R> other : active) {
      if (other != own) {
        double most = (ownService + leadTokens) * other.tenant.weight;
        others = others.plus(other.dueBy(dueKey).atMost(most));
      }
    }
    return ahead.plus(others);
  }

  private void raiseFloor() {
    double least = Double.POSITIVE_INFINITY;
    for (Share<T, R> share : active) {
      least = Math.min(least, share.served());
    }
    if (!active.isEmpty()) {
      floor = Math.max(floor, least);
    }
  }
}
