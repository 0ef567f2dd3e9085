// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds who has to make room for a critical call when the queue is full: of the sheddable classes
 * the least critical, there the tenant with most of it, of that the least urgent. Never one of
 * which an item was launched, and nobody unless it helps.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Displacement<T, R> {
  private static final int FIRST_SHEDDABLE = WaitingQueue.firstRank(Criticality.SHEDDABLE_PLUS);

  private final Bounds bounds;
  private final WaitingQueue<T, R> queue;

  Displacement(Bounds bounds, WaitingQueue<T, R> queue) {
    this.bounds = bounds;
    this.queue = queue;
  }

  /** Those without whom the call would fit; empty if it would not, or may push nobody out. */
  List<PendingCall<T, R>> victims(Call<T> call, Amount cost) {
    if (call.criticality().compareTo(Criticality.CRITICAL) > 0 || isHopeless(call, cost)) {
      return List.of();
    }
    Search search = new Search(call, cost);
    RankQueue<T, R> rank = queue.lastRank(Integer.MAX_VALUE);
    while (rank != null && rank.number >= FIRST_SHEDDABLE) {
      if (search.suffices(rank)) {
        return search.victims;
      }
      rank = queue.lastRank(rank.number - 1);
    }
    return List.of();
  }

  /** Whether the call would not fit even if nothing sheddable waited; a quick look. */
  private boolean isHopeless(Call<T> call, Amount cost) {
    Amount critical = new Amount();
    RankQueue<T, R> rank = queue.rank(0);
    while (rank != null && rank.number < FIRST_SHEDDABLE) {
      critical.add(rank.waiting);
      rank = queue.rank(rank.number + 1);
    }
    return bounds.shortage(call, cost, critical) != null;
  }

  /** What would be left without the victims found so far. */
  private final class Search {
    private final Call<T> call;
    private final Amount cost;
    private final Tenant tenant;
    private final Amount waiting = new Amount();
    private final Amount ofTenant = new Amount();
    private final List<PendingCall<T, R>> victims = new ArrayList<>();

    Search(Call<T> call, Amount cost) {
      this.call = call;
      this.cost = cost;
      this.tenant = queue.tenantOf(call);
      waiting.add(queue.waiting());
      ofTenant.add(tenant.waiting);
    }

    /** Looks for victims in this rank; returns whether enough were found. */
    boolean suffices(RankQueue<T, R> rank) {
      List<Share<T, R>> shares = new ArrayList<>(rank.active());
      shares.sort(Comparator.comparingDouble(share -> -share.service(share.waiting.tokens())));
      for (Share<T, R> share : shares) {
        if (!helps(share.tenant)) {
          continue;
        }
        for (int at = share.calls.before(Integer.MAX_VALUE); at >= 0; at = share.calls.before(at)) {
          if (consider(share.calls.get(at), share.tenant)) {
            return true;
          }
        }
      }
      return false;
    }

    /** Whether it makes room for the call that somebody of this tenant goes. */
    private boolean helps(Tenant of) {
      return of == tenant || bounds.shortage(call, cost, waiting) != null;
    }

    /** Takes the candidate if that helps; returns whether enough were found. */
    private boolean consider(PendingCall<T, R> candidate, Tenant of) {
      if (!candidate.allWaiting() || !helps(of)) {
        return false;
      }
      victims.add(candidate);
      waiting.remove(candidate.waiting());
      if (of == tenant) {
        ofTenant.remove(candidate.waiting());
      }
      return bounds.shortage(call, cost, waiting) == null
          && bounds.shortageOfTenant(cost, ofTenant) == null;
    }
  }
}
