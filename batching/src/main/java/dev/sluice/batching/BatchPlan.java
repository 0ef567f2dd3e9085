// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A batch in the making. The first item that it sees is its head and always taken; each further one
 * is taken if it has the head's shape and fits. Looks past a bounded number of items that it cannot
 * take, so that one of them neither flushes the batch nor makes forming slow.
 */
final class BatchPlan<T, R> implements Predicate<PendingCall<T, R>> {
  private final BatchLimits limits;
  private int skipsLeft;
  private final List<BatchItem<T, R>> members = new ArrayList<>();
  private int rows;
  private long longest;
  private boolean full;

  BatchPlan(BatchLimits limits, int lookAhead) {
    this.limits = limits;
    this.skipsLeft = lookAhead;
  }

  /** Takes what it can of the call's waiting items; false when it wants to see no more calls. */
  @Override
  public boolean test(PendingCall<T, R> call) {
    for (int i = call.nextWaiting(0); i >= 0; i = call.nextWaiting(i + 1)) {
      consider(new BatchItem<>(call, i, call.item(i)));
      if (skipsLeft < 0 || !fits(1, 1)) {
        return false;
      }
    }
    return true;
  }

  List<BatchItem<T, R>> members() {
    return members;
  }

  /** Whether waiting for more items like these would be in vain. */
  boolean full() {
    return full || !fits(1, 1);
  }

  int rows() {
    return rows;
  }

  private void consider(BatchItem<T, R> candidate) {
    Item<T> item = candidate.item();
    if (!members.isEmpty()) {
      if (!Objects.equals(members.get(0).item().shapeKey(), item.shapeKey())) {
        skipsLeft--;
        return;
      }
      if (!fits(item.rows(), item.tokens())) {
        skipsLeft--;
        full = true;
        return;
      }
    }
    members.add(candidate);
    rows += item.rows();
    longest = Math.max(longest, item.tokens());
  }

  private boolean fits(int moreRows, long tokens) {
    long newRows = (long) rows + moreRows;
    return newRows <= limits.maxRows() && newRows <= limits.maxTokens() / Math.max(longest, tokens);
  }
}
