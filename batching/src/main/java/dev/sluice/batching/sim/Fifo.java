// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A queue of bounded length, first in first out. */
final class Fifo {
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private final int bound;

  Fifo(int bound) {
    this.bound = bound;
  }

  /** Adds the request unless the queue is full. */
  void offer(Request request) {
    if (waiting.size() < bound) {
      waiting.add(request);
    }
  }

  int size() {
    return waiting.size();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  @Nullable Request first() {
    return waiting.peek();
  }

  /** Takes the first so many, or all if there are fewer. */
  List<Request> take(int count) {
    List<Request> taken = new ArrayList<>(Math.min(count, waiting.size()));
    while (taken.size() < count && !waiting.isEmpty()) {
      taken.add(waiting.remove());
    }
    return taken;
  }

  Iterable<Request> inOrder() {
    return waiting;
  }
}
