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

  /** How many calls are looked at to estimate what lies before a deadline. */
  private static final int SAMPLES = 64;

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
      calls.removeIf(call -> !call.hasWaiting());
      first = 0;
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
    if (live == 0 || calls.get(calls.size() - 1).dueKey() <= dueKey) {
      return 1;
    }
    int stride = Math.max(1, (calls.size() - first) / SAMPLES);
    long before = 0;
    long all = 0;
    for (int at = first; at < calls.size(); at += stride) {
      PendingCall<T, R> call = calls.get(at);
      all += call.waiting().tokens();
      before += call.dueKey() <= dueKey ? call.waiting().tokens() : 0;
    }
    return all == 0 ? 1 : (double) before / all;
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
