// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * Holds answers back until all calls that came before have ended, so that answers leave in the
 * order in which calls came in. One thread at a time tells what has come in turn; the others leave
 * theirs with it.
 *
 * <p>The calls that are not told yet, linked through themselves in the order in which they were
 * admitted. Guarded by the lock of its {@link BatchCore}.
 */
final class OrderedDelivery<T, R> {
  private @Nullable PendingCall<T, R> first;
  private @Nullable PendingCall<T, R> last;
  private int held;
  private boolean telling;

  void admitted(PendingCall<T, R> call) {
    if (last == null) {
      first = call;
    } else {
      last.admittedNext = call;
    }
    last = call;
  }

  /** One of the calls has ended. */
  void ended() {
    held++;
  }

  /** The next call to tell; null when there is none or another thread is telling. */
  @Nullable PendingCall<T, R> take() {
    PendingCall<T, R> next = first;
    if (telling || next == null || !next.ended()) {
      return null;
    }
    first = next.admittedNext;
    last = first == null ? null : last;
    next.admittedNext = null;
    held--;
    telling = true;
    return next;
  }

  /** The call that was taken has been told. */
  void told() {
    telling = false;
  }

  /** How many have ended and are not told. */
  int held() {
    return held;
  }
}
