// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How many of something are open; a drain waits until none is. Safe for many threads: one lock. */
public final class OpenCount {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int open;

  /** Returns how many are open with the new one. */
  @CanIgnoreReturnValue
  public int begin() {
    lock.lock();
    try {
      return ++open;
    } finally {
      lock.unlock();
    }
  }

  public void end() {
    lock.lock();
    try {
      open--;
      if (open == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until none is open; false when the time was up first. */
  @CanIgnoreReturnValue
  public boolean awaitNone(Duration limit) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(limit);
    lock.lock();
    try {
      while (open > 0 && left > 0) {
        left = none.awaitNanos(left);
      }
      return open == 0;
    } finally {
      lock.unlock();
    }
  }
}
