// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;

/**
 * Waiting calls, earliest deadline first, then first come first.
 *
 * <p>A sorted array: a queue is bounded, and most calls belong at its end, where moving memory
 * beats chasing pointers. A call that leaves is only counted, so that taking one back costs the
 * same however many wait; the array is swept when more than half of it has left. Guarded by the
 * lock of its {@link BatchCore}.
 */
final class DeadlineQueue<T, R> {
  private static final int FEW = 32;

  /** How many calls are looked at to estimate what many of them cost. */
  private static final int SAMPLES = 16;

  private final List<PendingCall<T, R>> calls = new ArrayList<>();
  private int first;
  private int live;

  void add(PendingCall<T, R> call) {
    calls.add(placeOf(call), call);
    live++;
  }

  /** Takes out a call that goes on waiting elsewhere. */
  void remove(PendingCall<T, R> call) {
    calls.remove(placeOf(call));
    left();
  }

  /** One of its calls waits no more. */
  void left() {
    live--;
    if (live == 0) {
      calls.clear();
      first = 0;
    } else if (calls.size() - live > live + FEW) {
      sweep();
    } else {
      first = next(first);
      while (!calls.getLast().hasWaiting()) {
        calls.removeLast();
      }
    }
  }

  /** Calls that have left but were not swept out yet included. */
  int entries() {
    return calls.size();
  }

  boolean isEmpty() {
    return live == 0;
  }

  int size() {
    return live;
  }

  /** Where iteration starts, and goes on: the first place from {@code from} on of a live call. */
  int next(int from) {
    int at = Math.max(first, from);
    while (at < calls.size() && !calls.get(at).hasWaiting()) {
      at++;
    }
    return at;
  }

  boolean isEnd(int place) {
    return place >= calls.size();
  }

  PendingCall<T, R> get(int place) {
    return calls.get(place);
  }

  /** Iteration from the end: the last place before this one of a live call, or -1. */
  int before(int place) {
    int at = Math.min(place, calls.size()) - 1;
    while (at >= first && !calls.get(at).hasWaiting()) {
      at--;
    }
    return at < first ? -1 : at;
  }

  /** About which share of what waits here is due at {@code dueKey} or before. */
  double shareDueBy(long dueKey) {
    if (live == 0 || calls.getLast().dueKey() <= dueKey) {
      return 1;
    }
    int low = first;
    int high = calls.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (calls.get(middle).dueKey() <= dueKey) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    double before = tokens(first, low);
    double all = before + tokens(low, calls.size());
    return all == 0 ? 1 : before / all;
  }

  /** About what waits in these places: exact if they are few, else by a sample. */
  private double tokens(int from, int to) {
    int stride = Math.max(1, (to - from) / SAMPLES);
    long sum = 0;
    int looked = 0;
    for (int at = from; at < to; at += stride) {
      sum += calls.get(at).waiting().tokens();
      looked++;
    }
    return looked == 0 ? 0 : (double) sum * (to - from) / looked;
  }

  /** Makes nothing: a call that leaves must not fail to. */
  private void sweep() {
    int kept = 0;
    for (int at = 0; at < calls.size(); at++) {
      PendingCall<T, R> call = calls.get(at);
      if (call.hasWaiting()) {
        calls.set(kept++, call);
      }
    }
    while (calls.size() > kept) {
      calls.removeLast();
    }
    first = 0;
  }

  private int placeOf(PendingCall<T, R> call) {
    int low = first;
    int high = calls.size();
    if (high > low && calls.get(high - 1).isBefore(call)) {
      return high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (calls.get(middle).isBefore(call)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
