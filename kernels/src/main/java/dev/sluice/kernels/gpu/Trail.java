// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a stream was given since it was last known to be done: the suspects, when the driver says
 * that something failed without saying what. For one thread at a time.
 */
final class Trail {
  private static final int MOST = 16;

  private final Deque<String> latest = new ArrayDeque<>(MOST);
  private int count;

  void add(String work) {
    if (latest.size() == MOST) {
      latest.removeFirst();
    }
    latest.addLast(work);
    count++;
  }

  void clear() {
    latest.clear();
    count = 0;
  }

  @Override
  public String toString() {
    String earlier = count > latest.size() ? (count - latest.size()) + " others, " : "";
    return count == 0 ? "nothing" : earlier + String.join(", ", latest);
  }
}
