// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what the next batch is made of: its head by urgency, its company by {@link Selection}.
 *
 * <p>Nothing starves: once the oldest call has waited longer than the ageing time, every {@value
 * #AGED_TURN}th batch is formed by arrival instead, and so holds an item of that call. The others
 * keep to the order of urgency, so that an overload does not turn every class into the same queue.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class BatchFormer<T, R> {
  static final int AGED_TURN = 4;

  /** How many items of other shapes are looked past. */
  static final int LOOK_AHEAD = 64;

  private final BatchLimits limits;
  private final Selection selection;
  private final Selection byArrival = new FirstFit();
  private final Forecast forecast;
  private final long ageingNanos;
  private final Candidates<T, R> candidates;
  private int sinceAged;

  BatchFormer(BatchLimits limits, Selection selection, Forecast forecast, long ageingNanos) {
    this.limits = limits;
    this.selection = limits.packs() ? new PackedSelection() : selection;
    this.forecast = forecast;
    this.ageingNanos = ageingNanos;
    this.candidates = new Candidates<>(limits);
  }

  /** What a batch formed now would hold. Changes nothing. */
  BatchPlan<T, R> plan(WaitingQueue<T, R> queue, long nowNanos) {
    boolean aged = isAgedTurn(queue, nowNanos);
    ItemOrder<T, R> order =
        aged
            ? new ArrivalOrder<>(queue.oldest())
            : new ServiceOrder<>(queue, forecast.tokensOfFullBatch());
    try {
      Forming forming = new Forming(order, nowNanos);
      forming.collect();
      return forming.plan(aged ? byArrival : selection);
    } finally {
      candidates.clear();
    }
  }

  /** The plan that was just made, from this queue and at this moment, is being launched. */
  void launching(WaitingQueue<T, R> queue, long nowNanos) {
    sinceAged = isAgedTurn(queue, nowNanos) ? 0 : Math.min(sinceAged + 1, AGED_TURN);
  }

  /** Whether the next batch is formed by arrival. */
  boolean isAgedTurn(WaitingQueue<T, R> queue, long nowNanos) {
    PendingCall<T, R> oldest = queue.oldest();
    return sinceAged >= AGED_TURN - 1
        && oldest != null
        && oldest.waitedNanos(nowNanos) >= ageingNanos;
  }

  /** The making of one plan. */
  private final class Forming {
    private final ItemOrder<T, R> order;
    private final long now;
    private final Window window = candidates.window;
    private final List<PendingCall<T, R>> late = new ArrayList<>();
    private int skipsLeft = LOOK_AHEAD;

    /** Of the first item of a lower rank: those fill room that is left, but compete for none. */
    private @Nullable PendingCall<T, R> follower;

    Forming(ItemOrder<T, R> order, long now) {
      this.order = order;
      this.now = now;
    }

    /** Collects the head and those of its rank and shape, as far as one looks. */
    void collect() {
      int rank = -1;
      while (candidates.size() < limits.window() && skipsLeft >= 0) {
        PendingCall<T, R> call = order.next();
        if (call == null) {
          return;
        }
        if (isLate(call)) {
          continue;
        }
        if (candidates.isEmpty()) {
          rank = order.rank();
        } else if (order.rank() != rank) {
          follower = call;
          return;
        }
        if (candidates.isLikeHead(call.item(order.index()))) {
          add(call);
        } else {
          skipsLeft--;
        }
      }
    }

    BatchPlan<T, R> plan(Selection selection) {
      if (candidates.isEmpty()) {
        return BatchPlan.nothingBut(late);
      }
      window.take(0);
      Throwable fault = select(selection);
      boolean full = window.taken().items() < candidates.size();
      for (PendingCall<T, R> call = follower; call != null && skipsLeft >= 0; call = order.next()) {
        full |= !fill(call);
        if (window.takenRows() == limits.maxRows()) {
          break;
        }
      }
      Filling open = full || window.taken().isFull() ? null : window.taken().copy();
      cutToPreferred();
      return new BatchPlan<>(
          candidates.taken(), window.takenRows(), window.takenPaddedTokens(), open, late, fault);
    }

    /** What a policy throws costs its batch some company, and nobody an answer. */
    private @Nullable Throwable select(Selection selection) {
      try {
        selection.select(window, forecast);
        return null;
      } catch (Throwable thrown) {
        return thrown;
      }
    }

    /** Returns false if the item is left although it has the right shape. */
    private boolean fill(PendingCall<T, R> call) {
      if (isLate(call)) {
        return true;
      }
      if (!candidates.isLikeHead(call.item(order.index()))) {
        skipsLeft--;
        return true;
      }
      int candidate = candidates.size();
      add(call);
      if (window.fits(candidate) && isHeadInTimeWith(candidate)) {
        window.take(candidate);
        return true;
      }
      skipsLeft--;
      return false;
    }

    /** A lower class must not cost the head its deadline, unless that is lost already. */
    private boolean isHeadInTimeWith(int candidate) {
      long left = window.nanosLeft(0);
      if (left == Long.MAX_VALUE || !forecast.known()) {
        return true;
      }
      long rows = (long) window.takenRows() + window.rows(candidate);
      return forecast.nanos(rows, (double) window.paddedTokensWith(candidate)) <= left
          || forecast.nanos(window.takenRows(), (double) window.takenPaddedTokens()) > left;
    }

    private void add(PendingCall<T, R> call) {
      candidates.add(call, order.index(), call.nanosLeft(now));
    }

    private boolean isLate(PendingCall<T, R> call) {
      if (!forecast.isLate(call.nanosLeft(now), call.item(order.index()))) {
        return false;
      }
      if (late.isEmpty() || late.getLast() != call) {
        late.add(call);
      }
      return true;
    }

    private void cutToPreferred() {
      int best = 0;
      for (int size : limits.preferredRows()) {
        best = size <= window.takenRows() ? size : best;
      }
      if (best > 0) {
        window.cutTo(best);
      }
    }
  }
}
