// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/** Walks what waits in the order in which it came. Guarded by the lock of its {@link BatchCore}. */
final class ArrivalOrder<T, R> implements ItemOrder<T, R> {
  private @Nullable PendingCall<T, R> call;
  private int index = -1;

  ArrivalOrder(@Nullable PendingCall<T, R> oldest) {
    this.call = oldest;
  }

  @Override
  public @Nullable PendingCall<T, R> next() {
    while (call != null) {
      index = call.nextWaiting(index + 1);
      if (index >= 0) {
        return call;
      }
      call = call.later;
    }
    return null;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public int rank() {
    return 0;
  }
}
