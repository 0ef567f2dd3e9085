// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that each admitted call is told how it ended, once: on the thread that ended it, or if
 * order is kept, on the one that ended the last of those before it.
 *
 * <p>Guarded by the lock of its {@link BatchCore}, which is not held while anybody is told.
 */
final class Delivery<T, R> {
  private final ReentrantLock lock;
  private final Condition allTold;
  private final BatchObserver observer;
  private final @Nullable OrderedDelivery<T, R> ordered;
  private int untold;

  Delivery(ReentrantLock lock, boolean keepsOrder, BatchObserver observer) {
    this.lock = lock;
    this.allTold = lock.newCondition();
    this.observer = observer;
    this.ordered = keepsOrder ? new OrderedDelivery<>() : null;
  }

  // Under the lock.

  void admitted(PendingCall<T, R> call) {
    untold++;
    if (ordered != null) {
      ordered.admitted(call);
    }
  }

  /** The call has ended in the step whose endings are these. */
  void ended(PendingCall<T, R> call, Endings<T, R> endings) {
    endings.add(call);
    if (ordered != null) {
      ordered.ended();
    }
  }

  /** How many answers are held back for their order. */
  int held() {
    return ordered == null ? 0 : ordered.held();
  }

  // Outside of the lock.

  /** Throws nothing. */
  void tell(Endings<T, R> endings) {
    if (endings.fault() != null) {
      Uncaught.report(endings.fault());
    }
    if (endings.isEmpty()) {
      return;
    }
    if (ordered != null) {
      tellInOrder(ordered);
      return;
    }
    int told = 0;
    for (var call = endings.take(); call != null; call = endings.take()) {
      call.tell(observer);
      told++;
    }
    lock.lock();
    try {
      told(told);
    } finally {
      lock.unlock();
    }
  }

  private void tellInOrder(OrderedDelivery<T, R> delivery) {
    for (var call = take(delivery); call != null; call = take(delivery)) {
      call.tell(observer);
      lock.lock();
      try {
        delivery.told();
        told(1);
      } finally {
        lock.unlock();
      }
    }
  }

  private @Nullable PendingCall<T, R> take(OrderedDelivery<T, R> delivery) {
    lock.lock();
    try {
      return delivery.take();
    } finally {
      lock.unlock();
    }
  }

  private void told(int calls) {
    untold -= calls;
    if (untold == 0) {
      allTold.signalAll();
    }
  }

  /** Returns false if it took longer than the limit until every admitted call was told. */
  boolean awaitAllTold(long limitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = limitNanos;
      while (untold > 0) {
        if (left <= 0) {
          return false;
        }
        left = allTold.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
