// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls by a moment at which something happens to them if they still wait. A call that has left is
 * swept out when such calls are more than half, so leaving costs nothing here.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Dues<T, R> {
  private static final int FEW = 32;

  private final ToLongFunction<PendingCall<T, R>> key;
  private final Predicate<PendingCall<T, R>> concerned;
  private final PriorityQueue<PendingCall<T, R>> calls;

  /**
   * @param key the moment, as {@link PendingCall#key} gives it
   * @param concerned whether the moment still matters to a call
   */
  Dues(ToLongFunction<PendingCall<T, R>> key, Predicate<PendingCall<T, R>> concerned) {
    this.key = key;
    this.concerned = concerned;
    this.calls = new PriorityQueue<>(Comparator.comparingLong(key));
  }

  /**
   * Does nothing when the moment is never.
   *
   * @param waiting how many calls wait in all
   */
  void add(PendingCall<T, R> call, int waiting) {
    if (key.applyAsLong(call) == Long.MAX_VALUE) {
      return;
    }
    if (calls.size() > 2 * waiting + FEW) {
      calls.removeIf(concerned.negate());
    }
    calls.add(call);
  }

  /** Calls that have left but were not swept out yet included. */
  int entries() {
    return calls.size();
  }

  /** The call that is due first; null for none. */
  @Nullable PendingCall<T, R> first() {
    PendingCall<T, R> call = calls.peek();
    while (call != null && !concerned.test(call)) {
      calls.remove();
      call = calls.peek();
    }
    return call;
  }
}
