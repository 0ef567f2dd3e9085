// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private int sinceAged;

  BatchFormer(BatchLimits limits, Selection selection, Forecast forecast, long ageingNanos) {
    this.limits = limits;
    this.selection = selection;
    this.forecast = forecast;
    this.ageingNanos = ageingNanos;
  }

  /** What a batch formed now would hold. Changes nothing. */
  BatchPlan<T, R> plan(WaitingQueue<T, R> queue, long nowNanos) {
    boolean aged = isAgedTurn(queue, nowNanos);
    ItemOrder<T, R> order =
        aged
            ? new ArrivalOrder<>(queue.oldest())
            : new ServiceOrder<>(queue, forecast.tokensOfFullBatch());
    Candidates candidates = new Candidates(order, nowNanos);
    candidates.collect();
    return candidates.plan(aged ? byArrival : selection);
  }

  /** The plan that was just made, from this queue and at this moment, is being launched. */
  void launching(WaitingQueue<T, R> queue, long nowNanos) {
    sinceAged = isAgedTurn(queue, nowNanos) ? 0 : Math.min(sinceAged + 1, AGED_TURN);
  }

  private boolean isAgedTurn(WaitingQueue<T, R> queue, long nowNanos) {
    PendingCall<T, R> oldest = queue.oldest();
    return sinceAged >= AGED_TURN - 1
        && oldest != null
        && oldest.waitedNanos(nowNanos) >= ageingNanos;
  }

  /** The items that one batch is chosen from. */
  private final class Candidates {
    private final ItemOrder<T, R> order;
    private final long now;
    private final Window window = new Window(limits);
    private final List<BatchItem<T, R>> items = new ArrayList<>();
    private final List<PendingCall<T, R>> late = new ArrayList<>();
    private int skipsLeft = LOOK_AHEAD;

    /** The first item of a lower rank: it fills room that is left, but competes for none. */
    private @Nullable BatchItem<T, R> follower;

    Candidates(ItemOrder<T, R> order, long now) {
      this.order = order;
      this.now = now;
    }

    /** Collects the head and those of its rank and shape, as far as one looks. */
    void collect() {
      int rank = -1;
      while (items.size() < limits.window() && skipsLeft >= 0) {
        BatchItem<T, R> item = order.next();
        if (item == null) {
          return;
        }
        if (isLate(item)) {
          continue;
        }
        if (items.isEmpty()) {
          rank = order.rank();
        } else if (order.rank() != rank) {
          follower = item;
          return;
        }
        if (isLikeHead(item)) {
          add(item);
        } else {
          skipsLeft--;
        }
      }
    }

    BatchPlan<T, R> plan(Selection selection) {
      if (items.isEmpty()) {
        return new BatchPlan<>(List.of(), 0, 0, false, late);
      }
      window.take(0);
      selection.select(window, forecast);
      boolean full = window.takenCount() < items.size();
      for (BatchItem<T, R> item = follower; item != null && skipsLeft >= 0; item = order.next()) {
        full |= !fill(item);
        if (window.takenRows() == limits.maxRows()) {
          break;
        }
      }
      full |= cutToPreferred() || isFull();
      return new BatchPlan<>(members(), window.takenRows(), window.takenPaddedTokens(), full, late);
    }

    /** Returns false if the item is left although it has the right shape. */
    private boolean fill(BatchItem<T, R> item) {
      if (isLate(item)) {
        return true;
      }
      if (!isLikeHead(item)) {
        skipsLeft--;
        return true;
      }
      add(item);
      int candidate = items.size() - 1;
      if (window.fits(candidate)) {
        window.take(candidate);
        return true;
      }
      skipsLeft--;
      return false;
    }

    private void add(BatchItem<T, R> item) {
      items.add(item);
      window.add(item.item(), item.call().nanosLeft(now));
    }

    private boolean isLikeHead(BatchItem<T, R> item) {
      return items.isEmpty()
          || Objects.equals(items.get(0).item().shapeKey(), item.item().shapeKey());
    }

    private boolean isLate(BatchItem<T, R> item) {
      if (!forecast.isLate(item.call().nanosLeft(now), item.item())) {
        return false;
      }
      if (late.isEmpty() || late.get(late.size() - 1) != item.call()) {
        late.add(item.call());
      }
      return true;
    }

    /** Returns whether the batch has one of the preferred sizes. */
    private boolean cutToPreferred() {
      int best = 0;
      for (int size : limits.preferredRows()) {
        best = size <= window.takenRows() ? size : best;
      }
      if (best > 0) {
        window.cutTo(best);
      }
      return best > 0 && best == limits.preferredRows().getLast();
    }

    private boolean isFull() {
      return window.takenRows() == limits.maxRows()
          || window.takenPaddedTokens() / window.takenRows()
              > limits.maxTokens() / (window.takenRows() + 1L);
    }

    private List<BatchItem<T, R>> members() {
      List<BatchItem<T, R>> members = new ArrayList<>(window.takenCount());
      for (int i = 0; i < items.size(); i++) {
        if (window.isTaken(i)) {
          members.add(items.get(i));
        }
      }
      return members;
    }
  }
}
