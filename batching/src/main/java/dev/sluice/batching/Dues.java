// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls by a moment at which something happens to them if they still wait. A call that has left is
 * swept out when such calls are more than half, so leaving costs nothing here.
 *
 * <p>A binary heap. The moments stand beside the calls, as every item on its way through costs a
 * comparison for each level, and looking into a call is what takes long. Guarded by the lock of its
 * {@link BatchCore}.
 */
final class Dues<T, R> {
  private static final int FEW = 32;

  private final ToLongFunction<PendingCall<T, R>> key;
  private final Predicate<PendingCall<T, R>> concerned;
  private final List<PendingCall<T, R>> calls = new ArrayList<>();
  private long[] keys = new long[FEW];

  /**
   * @param key the moment, as {@link PendingCall#key} gives it
   * @param concerned whether the moment still matters to a call
   */
  Dues(ToLongFunction<PendingCall<T, R>> key, Predicate<PendingCall<T, R>> concerned) {
    this.key = key;
    this.concerned = concerned;
  }

  /**
   * Does nothing when the moment is never.
   *
   * @param waiting how many calls wait in all
   */
  void add(PendingCall<T, R> call, int waiting) {
    long moment = key.applyAsLong(call);
    if (moment == Long.MAX_VALUE) {
      return;
    }
    if (calls.size() > 2 * waiting + FEW) {
      sweep();
    }
    if (calls.size() == keys.length) {
      keys = Arrays.copyOf(keys, 2 * keys.length);
    }
    calls.add(call);
    rise(calls.size() - 1, call, moment);
  }

  /** Calls that have left but were not swept out yet included. */
  int entries() {
    return calls.size();
  }

  /** The call that is due first; null for none. */
  @Nullable PendingCall<T, R> first() {
    while (!calls.isEmpty()) {
      PendingCall<T, R> call = calls.get(0);
      if (concerned.test(call)) {
        return call;
      }
      removeFirst();
    }
    return null;
  }

  private void removeFirst() {
    PendingCall<T, R> last = calls.removeLast();
    if (!calls.isEmpty()) {
      sink(0, last, keys[calls.size()]);
    }
  }

  private void sweep() {
    calls.removeIf(concerned.negate());
    for (int i = 0; i < calls.size(); i++) {
      keys[i] = key.applyAsLong(calls.get(i));
    }
    for (int i = calls.size() / 2 - 1; i >= 0; i--) {
      sink(i, calls.get(i), keys[i]);
    }
  }

  /** Puts the call into this place or above it. */
  private void rise(int place, PendingCall<T, R> call, long moment) {
    int at = place;
    while (at > 0 && keys[(at - 1) / 2] > moment) {
      int parent = (at - 1) / 2;
      put(at, calls.get(parent), keys[parent]);
      at = parent;
    }
    put(at, call, moment);
  }

  /** Puts the call into this place or below it. */
  private void sink(int place, PendingCall<T, R> call, long moment) {
    int at = place;
    for (int child = 2 * at + 1; child < calls.size(); child = 2 * at + 1) {
      if (child + 1 < calls.size() && keys[child + 1] < keys[child]) {
        child++;
      }
      if (keys[child] >= moment) {
        break;
      }
      put(at, calls.get(child), keys[child]);
      at = child;
    }
    put(at, call, moment);
  }

  private void put(int place, PendingCall<T, R> call, long moment) {
    calls.set(place, call);
    keys[place] = moment;
  }
}
