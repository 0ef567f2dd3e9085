// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Timer;
import java.util.Arrays;
import java.util.List;

/**
 * Batching by count and a timer, as in TorchServe and DJL Serving. A free worker takes the first
 * request of a queue of bounded length, and then more in order until the batch is full or the
 * maximum delay has passed since it took the first. Lengths are not looked at.
 */
final class SizeAndTimer implements Scheduler {
  private static final long NEVER = -1;

  private final VirtualTime time;
  private final Fifo queue;
  private final int maxRows;
  private final long delayNanos;
  private final long[] sinceNanos;

  SizeAndTimer(VirtualTime time, int lanes, int maxRows, int queueBound, long delayNanos) {
    this.time = time;
    this.queue = new Fifo(queueBound);
    this.maxRows = maxRows;
    this.delayNanos = delayNanos;
    this.sinceNanos = new long[lanes];
    Arrays.fill(sinceNanos, NEVER);
  }

  @Override
  public void arrived(Request request) {
    queue.offer(request);
  }

  @Override
  public List<Request> next(int lane) {
    if (queue.isEmpty()) {
      return List.of();
    }
    long now = time.elapsedNanos();
    if (sinceNanos[lane] == NEVER) {
      sinceNanos[lane] = now;
      Timer.Alarm unused = time.schedule(delayNanos, () -> {});
    }
    if (queue.size() < maxRows && now - sinceNanos[lane] < delayNanos) {
      return List.of();
    }
    sinceNanos[lane] = NEVER;
    return queue.take(maxRows);
  }

  @Override
  public void ran(int lane) {}
}
