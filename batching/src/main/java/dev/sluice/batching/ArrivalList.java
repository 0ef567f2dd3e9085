// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * Calls in the order of their arrival, linked through themselves: joining and leaving cost the same
 * however many there are. Guarded by the lock of its {@link BatchCore}.
 */
final class ArrivalList<T, R> {
  private @Nullable PendingCall<T, R> oldest;
  private @Nullable PendingCall<T, R> newest;
  private int size;

  void add(PendingCall<T, R> call) {
    call.earlier = newest;
    if (newest == null) {
      oldest = call;
    } else {
      newest.later = call;
    }
    newest = call;
    size++;
  }

  void remove(PendingCall<T, R> call) {
    if (call.earlier == null) {
      oldest = call.later;
    } else {
      call.earlier.later = call.later;
    }
    if (call.later == null) {
      newest = call.earlier;
    } else {
      call.later.earlier = call.earlier;
    }
    call.earlier = null;
    call.later = null;
    size--;
  }

  @Nullable PendingCall<T, R> oldest() {
    return oldest;
  }

  int size() {
    return size;
  }
}
