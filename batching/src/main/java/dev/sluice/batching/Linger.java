// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The wait for company of a batch that is not full. Remembers what the batch would hold, and counts
 * what joins; until that could fill it nobody has to look at the queue again, so that calls which
 * come during a linger do not each cost a plan.
 *
 * <p>It may ask for a look that comes to nothing. It asks for none when a {@link Selection} would
 * leave what joins aside although it fits: then the batch waits to the end of the linger, at the
 * most. Guarded by the lock of its {@link BatchCore}.
 */
final class Linger<T, R> {
  private final long nanos;
  private final WaitingQueue<T, R> queue;
  private @Nullable PendingCall<T, R> head;
  private @Nullable Object shapeKey;
  private @Nullable Filling batch;

  Linger(BatchLimits limits, WaitingQueue<T, R> queue) {
    this.nanos = TimeUnit.NANOSECONDS.convert(limits.linger());
    this.queue = queue;
  }

  /**
   * Until what waits is launched as it is; 0 for at once. A deadline that would come before the end
   * of the linger ends it at once.
   */
  long nanosLeft(long now) {
    PendingCall<T, R> oldest = queue.oldest();
    if (nanos == 0 || oldest == null) {
      return 0;
    }
    long left = nanos - oldest.waitedNanos(now);
    PendingCall<T, R> earliest = queue.deadlines().first();
    return earliest != null && earliest.nanosLeft(now) <= left ? 0 : Math.max(0, left);
  }

  /** The batch that was just planned, and is not full, is left waiting. */
  void begin(BatchPlan<T, R> plan) {
    BatchItem<T, R> first = plan.members().getFirst();
    head = first.call();
    shapeKey = first.item().shapeKey();
    batch = plan.open();
  }

  /** Whether a batch waits, and nothing has come that could fill it or go before it. */
  boolean isOpen() {
    return batch != null;
  }

  /** The call waits too. */
  void joined(PendingCall<T, R> call) {
    PendingCall<T, R> first = head;
    Object shape = shapeKey;
    Filling filling = batch;
    if (first == null || filling == null) {
      return;
    }
    // Unless all of it leaves room, somebody has to look.
    end();
    if (call.goesBefore(first)) {
      return;
    }
    for (int i = 0; i < call.size(); i++) {
      Item<T> item = call.item(i);
      if (Objects.equals(shape, item.shapeKey())) {
        if (!filling.fits(item)) {
          return;
        }
        filling.add(item);
      }
    }
    if (!filling.isFull()) {
      head = first;
      shapeKey = shape;
      batch = filling;
    }
  }

  /** The call waits no more. */
  void left(PendingCall<T, R> call) {
    if (call == head) {
      end();
    }
  }

  /** What was left waiting is launched, or no longer what would be. */
  void end() {
    head = null;
    shapeKey = null;
    batch = null;
  }
}
