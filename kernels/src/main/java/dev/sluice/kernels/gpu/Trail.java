// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a stream was given since it was last known to be done: the suspects, when the driver says
 * that something failed without saying what. Its lock guards it: who waits for an event may not be
 * who feeds the stream.
 */
final class Trail {
  private static final int MOST = 16;

  private final Deque<Supplier<String>> latest = new ArrayDeque<>(MOST);
  private long count;

  /**
   * @param work in words; asked for after a failure only
   */
  synchronized void add(Supplier<String> work) {
    if (latest.size() == MOST) {
      latest.removeFirst();
    }
    latest.addLast(work);
    count++;
  }

  synchronized void clear() {
    latest.clear();
    count = 0;
  }

  /** For example {@code 3 others, sluice_norm (..), graph for ..}. */
  @Override
  public synchronized String toString() {
    String earlier = count > latest.size() ? count - latest.size() + " others, " : "";
    return count == 0
        ? "nothing"
        : earlier + latest.stream().map(Supplier::get).collect(Collectors.joining(", "));
  }
}
