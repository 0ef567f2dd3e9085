// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all connections share: how many requests are open, which a drain waits for, how many bytes
 * of bodies are in memory, how many connections there are, and whether a drain has begun.
 *
 * <p>Safe for use by many threads: one lock.
 */
final class OpenRequests {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private final long maxBytes;
  private final int maxConnections;
  private int open;
  private int connections;
  private long bytes;
  private boolean draining;

  OpenRequests(long maxBytes, int maxConnections) {
    this.maxBytes = maxBytes;
    this.maxConnections = maxConnections;
  }

  void begin() {
    lock.lock();
    try {
      open++;
    } finally {
      lock.unlock();
    }
  }

  void end() {
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

  /** Whether there is room for one more. */
  boolean connected() {
    lock.lock();
    try {
      connections++;
      return connections <= maxConnections;
    } finally {
      lock.unlock();
    }
  }

  void disconnected() {
    lock.lock();
    try {
      connections--;
    } finally {
      lock.unlock();
    }
  }

  /** Reserves memory; false where there is no more. */
  boolean reserve(long count) {
    lock.lock();
    try {
      if (bytes + count > maxBytes) {
        return false;
      }
      bytes += count;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void release(long count) {
    lock.lock();
    try {
      bytes -= count;
    } finally {
      lock.unlock();
    }
  }

  void drain() {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
  }

  boolean draining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no request is open; false when the time was up first. */
  boolean awaitNone(Duration limit) throws InterruptedException {
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
