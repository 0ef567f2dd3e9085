// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all connections share: how many there are, how many requests are open, which a drain waits
 * for, how many bytes of bodies are in memory, and whether a drain has begun.
 *
 * <p>Safe for use by many threads: one lock.
 */
final class OpenRequests {
  /** What an open request costs beside its bodies: headers, buffers, the pipeline of its stream. */
  private static final int REQUEST_BYTES = 4 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
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

  /** Counts a request in; whether there is memory for it. */
  boolean begin() {
    lock.lock();
    try {
      open++;
      bytes += REQUEST_BYTES;
      return bytes <= maxBytes;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      open--;
      bytes -= REQUEST_BYTES;
      fewer.signalAll();
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
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Reserves memory; false where there is no more. */
  boolean reserve(long count) {
    lock.lock();
    try {
      if (count > maxBytes - bytes) {
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

  long reserved() {
    lock.lock();
    try {
      return bytes;
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
        left = fewer.awaitNanos(left);
      }
      return open == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every connection is gone, or the time is up. */
  void awaitNoConnection(Duration limit) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(limit);
    lock.lock();
    try {
      while (connections > 0 && left > 0) {
        left = fewer.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
