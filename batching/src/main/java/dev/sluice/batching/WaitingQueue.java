// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The calls of which an item waits: by rank, tenant and deadline, by arrival, and by what happens
 * to them next. Taking a call back costs the same however many calls wait and however many items it
 * has. Guarded by the lock of its {@link BatchCore}.
 */
final class WaitingQueue<T, R> {
  private static final int LEVELS = Call.MAX_LEVEL + 1;

  private final List<@Nullable RankQueue<T, R>> ranks =
      new ArrayList<>(Collections.nCopies(firstRank(Criticality.SHEDDABLE) + 2 * LEVELS, null));
  private final BitSet ranksInUse = new BitSet(ranks.size());
  private final ArrivalList<T, R> byArrival = new ArrivalList<>();
  private final Dues<T, R> deadlines = new Dues<>(PendingCall::dueKey, PendingCall::hasWaiting);
  private final Dues<T, R> demotions =
      new Dues<>(PendingCall::demoteKey, call -> call.hasWaiting() && !call.demoted());
  private final Amount waiting = new Amount();
  private final Tenants tenants;

  WaitingQueue(TenantShares shares) {
    this.tenants = new Tenants(shares);
  }

  /** If this throws, for want of memory, the call does not wait. */
  void add(PendingCall<T, R> call) {
    try {
      deadlines.add(call, size() + 1);
      demotions.add(call, size() + 1);
      enter(call);
    } catch (Throwable thrown) {
      call.neverWaited();
      throw thrown;
    }
    byArrival.add(call);
    waiting.add(call.waiting());
  }

  /** An item of the call was taken to be run; to be called after {@link PendingCall#launch}. */
  void launched(PendingCall<T, R> call, Item<T> item) {
    Share<T, R> share = shareOf(call);
    share.serve(item.totalTokens());
    share.remove(item);
    waiting.remove(item);
    if (!call.hasWaiting()) {
      leave(call, share);
      byArrival.remove(call);
    }
  }

  /** What waits of the call, if anything, waits no more. */
  void remove(PendingCall<T, R> call, long nowNanos) {
    if (call.hasWaiting()) {
      Share<T, R> share = shareOf(call);
      Amount amount = call.waiting();
      share.remove(amount);
      waiting.remove(amount);
      call.stopWaiting(nowNanos);
      leave(call, share);
      byArrival.remove(call);
    }
  }

  /** Puts a call behind all others of its level. */
  void demote(PendingCall<T, R> call) {
    Share<T, R> before = shareOf(call);
    call.demote();
    enter(call);
    before.remove(call.waiting());
    before.calls.remove(call);
    leaveEmpty(before);
  }

  int size() {
    return byArrival.size();
  }

  /** What its parts hold, those that have left but were not swept out yet included. */
  int entries() {
    int sum =
        byArrival.size() + deadlines.entries() + demotions.entries() + ranksInUse.cardinality();
    for (RankQueue<T, R> rank : ranks) {
      sum += rank == null ? 0 : rank.entries();
    }
    return sum;
  }

  boolean isEmpty() {
    return size() == 0;
  }

  /** What all waiting items cost. */
  Amount waiting() {
    return waiting;
  }

  /** The call that arrived first. */
  @Nullable PendingCall<T, R> oldest() {
    return byArrival.oldest();
  }

  Dues<T, R> deadlines() {
    return deadlines;
  }

  Dues<T, R> demotions() {
    return demotions;
  }

  /** The first rank from {@code from} on in which something waits; null if there is none. */
  @Nullable RankQueue<T, R> rank(int from) {
    int number = ranksInUse.nextSetBit(from);
    return number < 0 ? null : ranks.get(number);
  }

  /** The last rank up to {@code to} in which something waits; null if there is none. */
  @Nullable RankQueue<T, R> lastRank(int to) {
    int number = ranksInUse.previousSetBit(to);
    return number < 0 ? null : ranks.get(number);
  }

  /**
   * About what will be served before a call that joins now: all of the ranks above, and of its own
   * rank what is due before; of other tenants no more than they may be ahead of it.
   */
  Ahead aheadOf(Call<T> call, long dueKey, double leadTokens) {
    int number = rankOf(call.criticality(), call.level(), false);
    Ahead ahead = Ahead.NOTHING;
    RankQueue<T, R> rank = rank(0);
    while (rank != null && rank.number < number) {
      ahead = ahead.plus(Ahead.partOf(rank.waiting, 1));
      rank = rank(rank.number + 1);
    }
    return rank == null || rank.number != number
        ? ahead
        : ahead.plus(rank.aheadOf(tenants.of(call.tenant()), dueKey, leadTokens));
  }

  Tenant tenantOf(Call<T> call) {
    return tenants.of(call.tenant());
  }

  /** The first of the ranks of a criticality class. */
  static int firstRank(Criticality criticality) {
    int before =
        switch (criticality) {
          case CRITICAL_PLUS -> 0;
          case CRITICAL -> 1;
          case SHEDDABLE_PLUS -> 2;
          case SHEDDABLE -> 3;
        };
    return before * LEVELS * 2;
  }

  static int rankOf(Criticality criticality, int level, boolean demoted) {
    return firstRank(criticality) + level * 2 + (demoted ? 1 : 0);
  }

  private void enter(PendingCall<T, R> call) {
    int number = rankOf(call.criticality(), call.level(), call.demoted());
    RankQueue<T, R> rank = ranks.get(number);
    if (rank == null) {
      rank = new RankQueue<>(number);
      ranks.set(number, rank);
    }
    Share<T, R> share = rank.add(call, tenants.of(call.tenant()));
    share.add(call.waiting());
    ranksInUse.set(number);
    call.share = share;
  }

  private void leave(PendingCall<T, R> call, Share<T, R> share) {
    call.share = null;
    share.calls.left();
    leaveEmpty(share);
  }

  private void leaveEmpty(Share<T, R> share) {
    share.rank.left(share);
    if (share.rank.active().isEmpty()) {
      ranksInUse.clear(share.rank.number);
    }
  }

  private static <T, R> Share<T, R> shareOf(PendingCall<T, R> call) {
    return Objects.requireNonNull(call.share, "a waiting call has a share");
  }
}
