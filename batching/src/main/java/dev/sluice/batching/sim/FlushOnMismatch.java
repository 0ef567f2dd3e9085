// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Timer;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Dynamic batching as Triton's documentation and source describe it, for a model whose length is a
 * variable dimension and not ragged, as exported text models are. One first-in-first-out queue of
 * bounded size. When an instance is free, the batch grows from the front until it is full or the
 * next request has another shape, which ends it at once; a batch that ended neither way waits until
 * its oldest request is {@code delay} old. A request that has waited for the queue's timeout is
 * rejected. Preferred sizes, which its documentation advises most models against, are not set.
 *
 * <p>The server does not pad: clients send lengths as they are, or rounded up by {@code padding}.
 */
final class FlushOnMismatch implements Scheduler {
  private final VirtualTime time;
  private final Fifo queue;
  private final int maxRows;
  private final long delayNanos;
  private final long timeoutNanos;
  private final IntUnaryOperator padding;

  FlushOnMismatch(
      VirtualTime time,
      int maxRows,
      int queueBound,
      long delayNanos,
      long timeoutNanos,
      IntUnaryOperator padding) {
    this.time = time;
    this.queue = new Fifo(queueBound);
    this.maxRows = maxRows;
    this.delayNanos = delayNanos;
    this.timeoutNanos = timeoutNanos;
    this.padding = padding;
  }

  /** Rounds up to a power of two from 32 on. */
  static int powerOfTwo(int tokens) {
    return tokens <= 32 ? 32 : Integer.highestOneBit(tokens - 1) << 1;
  }

  @Override
  public int tokens(Request request) {
    return padding.applyAsInt(request.tokens());
  }

  @Override
  public void arrived(Request request) {
    queue.offer(request);
    if (delayNanos > 0) {
      Timer.Alarm unused = time.schedule(delayNanos, () -> {});
    }
  }

  @Override
  public List<Request> next(int lane) {
    dropTimedOut();
    Request first = queue.first();
    if (first == null) {
      return List.of();
    }
    int rows = 0;
    boolean mismatch = false;
    for (Request request : queue.inOrder()) {
      mismatch = tokens(request) != tokens(first);
      if (mismatch || rows == maxRows) {
        break;
      }
      rows++;
    }
    boolean due = mismatch || rows == maxRows || ageNanos(first) >= delayNanos;
    return due ? queue.take(rows) : List.of();
  }

  @Override
  public void ran(int lane) {}

  private void dropTimedOut() {
    for (@Nullable Request first = queue.first();
        first != null && ageNanos(first) >= timeoutNanos;
        first = queue.first()) {
      queue.take(1);
    }
  }

  private long ageNanos(Request request) {
    return time.elapsedNanos() - request.arrivalNanos();
  }
}
