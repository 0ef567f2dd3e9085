// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Batching as in Text Embeddings Inference, for an engine that pads. No timer: the next batch is
 * frozen as soon as the one before has been handed to the lane, or at the first arrival after that.
 * It is taken from the front of a first-in-first-out queue up to the first request with which rows
 * times the longest length would exceed the token budget; there is no look-ahead. A request holds
 * one of a number of permits until it is answered, and is refused when none is free.
 */
final class EarlyFrozen implements Scheduler {
  private final Fifo queue = new Fifo(Integer.MAX_VALUE);
  private final int maxRows;
  private final long maxTokens;
  private final List<List<Request>> running = new ArrayList<>();
  private List<Request> frozen = List.of();
  private int permits;

  EarlyFrozen(int lanes, int maxRows, long maxTokens, int permits) {
    this.maxRows = maxRows;
    this.maxTokens = maxTokens;
    this.permits = permits;
    for (int lane = 0; lane < lanes; lane++) {
      running.add(List.of());
    }
  }

  @Override
  public void arrived(Request request) {
    if (permits > 0) {
      permits--;
      queue.offer(request);
      freeze();
    }
  }

  @Override
  public List<Request> next(int lane) {
    List<Request> batch = frozen;
    running.set(lane, batch);
    frozen = List.of();
    freeze();
    return batch;
  }

  @Override
  public void ran(int lane) {
    permits += running.get(lane).size();
  }

  private void freeze() {
    if (!frozen.isEmpty()) {
      return;
    }
    int rows = 0;
    long longest = 0;
    for (Request request : queue.inOrder()) {
      longest = Math.max(longest, request.tokens());
      if (rows == maxRows || (rows > 0 && longest * (rows + 1) > maxTokens)) {
        break;
      }
      rows++;
    }
    frozen = queue.take(rows);
  }
}
