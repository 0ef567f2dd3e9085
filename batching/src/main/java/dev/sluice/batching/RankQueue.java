// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The waiting calls of one rank (criticality class and level), a share for each tenant.
 *
 * <p>Tenants whose weight is configured have a share of their own; the others are spread over a
 * fixed number of shares by their name, so that inventing names gains a caller little and costs no
 * memory. Guarded by the lock of its {@link BatchCore}.
 */
final class RankQueue<T, R> {
  private final Map<Object, Share<T, R>> shares = new HashMap<>();
  private final List<Share<T, R>> active = new ArrayList<>();
  private final TenantShares tenants;
  private final Map<Object, Amount> waitingOf;

  /** What its waiting items cost. */
  final Amount waiting = new Amount();

  final int number;

  /**
   * @param waitingOf what waits of each tenant in all ranks, by {@link TenantShares#keyOf}
   */
  RankQueue(int number, TenantShares tenants, Map<Object, Amount> waitingOf) {
    this.number = number;
    this.waitingOf = waitingOf;
    this.tenants = tenants;
  }

  /** Adds a call; returns the share it is in. */
  Share<T, R> add(PendingCall<T, R> call, String tenant) {
    Share<T, R> share = shareOf(tenant);
    if (share.calls.isEmpty()) {
      share.catchUp(leastServed());
      active.add(share);
    }
    share.calls.add(call);
    return share;
  }

  /** A call has left the share. */
  void left(Share<T, R> share) {
    if (share.calls.isEmpty()) {
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

  /** The share of a tenant, which may be other tenants' too. */
  Share<T, R> shareOf(String tenant) {
    return shares.computeIfAbsent(
        tenants.keyOf(tenant),
        key -> {
          Amount ofTenant = waitingOf.computeIfAbsent(key, any -> new Amount());
          return new Share<>(this, tenants.weightOf(tenant), ofTenant);
        });
  }

  /** What is due here before a call of this tenant; of others as much as fairness lets go first. */
  Ahead aheadOf(String tenant, long dueKey, double leadTokens) {
    Share<T, R> own = shareOf(tenant);
    Ahead ahead = Ahead.partOf(own.waiting, own.calls.shareDueBy(dueKey));
    double ownService = own.service(Math.round(ahead.tokens()));
    Ahead others = Ahead.NOTHING;
    for (Share<T, R> other : active) {
      if (other != own) {
        double most = (ownService + leadTokens) * other.weight();
        others =
            others.plus(Ahead.partOf(other.waiting, other.calls.shareDueBy(dueKey)).atMost(most));
      }
    }
    return ahead.plus(others);
  }

  private double leastServed() {
    double least = Double.POSITIVE_INFINITY;
    for (Share<T, R> share : active) {
      least = Math.min(least, share.served());
    }
    return active.isEmpty() ? 0 : least;
  }
}
