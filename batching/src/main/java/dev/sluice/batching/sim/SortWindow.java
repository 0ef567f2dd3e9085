// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;

/**
 * Batching as in Infinity. When no formed batch is left, the first {@value #WINDOW} batches' worth
 * of a first-in-first-out queue is taken, sorted by length if it is more than one batch, and cut
 * into batches of a fixed count, which then run one after the other. No timer, no token budget; a
 * queue of bounded length.
 */
final class SortWindow implements Scheduler {
  private static final int WINDOW = 8;

  private final Fifo queue;
  private final int maxRows;
  private final ArrayDeque<List<Request>> formed = new ArrayDeque<>();

  SortWindow(int maxRows, int queueBound) {
    this.queue = new Fifo(queueBound);
    this.maxRows = maxRows;
  }

  @Override
  public void arrived(Request request) {
    queue.offer(request);
  }

  @Override
  public List<Request> next(int lane) {
    if (formed.isEmpty()) {
      form();
    }
    return formed.isEmpty() ? List.of() : formed.remove();
  }

  @Override
  public void ran(int lane) {}

  private void form() {
    List<Request> window = queue.take(WINDOW * maxRows);
    if (window.size() > maxRows) {
      window.sort(Comparator.comparingInt(Request::tokens));
    }
    for (int start = 0; start < window.size(); start += maxRows) {
      formed.add(List.copyOf(window.subList(start, Math.min(start + maxRows, window.size()))));
    }
  }
}
