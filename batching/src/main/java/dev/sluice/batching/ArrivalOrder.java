// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/** Walks what waits in the order in which it came. Guarded by the lock of its {@link BatchCore}. */
final class ArrivalOrder<T, R> implements ItemOrder<T, R> {
  private @Nullable PendingCall<T, R> call;
  private int index;

  ArrivalOrder(@Nullable PendingCall<T, R> oldest) {
    this.call = oldest;
  }

  @Override
  public @Nullable BatchItem<T, R> next() {
    while (call != null) {
      int at = call.nextWaiting(index);
      if (at >= 0) {
        index = at + 1;
        return new BatchItem<>(call, at, call.item(at));
      }
      index = 0;
      call = call.later;
    }
    return null;
  }

  @Override
  public int rank() {
    return 0;
  }
}
