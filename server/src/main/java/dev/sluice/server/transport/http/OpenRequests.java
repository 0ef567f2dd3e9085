// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.server.transport.shared.OpenCount;
import java.time.Duration;

/**
 * What all connections share: how many there are, how many requests are open, which a drain waits
 * for, how many bytes of bodies are in memory, and whether a drain has begun.
 *
 * <p>Safe for use by many threads: each count has a lock of its own, that of the bytes is this.
 */
final class OpenRequests {
  /** What an open request costs beside its bodies: headers, buffers, the pipeline of its stream. */
  private static final int REQUEST_BYTES = 4 << 10;

  private final OpenCount requests = new OpenCount();
  private final OpenCount connections = new OpenCount();
  private final long maxBytes;
  private final int maxConnections;
  private volatile boolean draining;

  @GuardedBy("this")
  private long bytes;

  OpenRequests(long maxBytes, int maxConnections) {
    this.maxBytes = maxBytes;
    this.maxConnections = maxConnections;
  }

  /** Counts a request in; whether there is memory for it. */
  boolean begin() {
    requests.begin();
    return add(REQUEST_BYTES) <= maxBytes;
  }

  void end() {
    add(-REQUEST_BYTES);
    requests.end();
  }

  /** Whether there is room for one more. */
  boolean connected() {
    return connections.begin() <= maxConnections;
  }

  void disconnected() {
    connections.end();
  }

  /** Reserves memory; false where there is no more. */
  synchronized boolean reserve(long count) {
    if (count > maxBytes - bytes) {
      return false;
    }
    bytes += count;
    return true;
  }

  void release(long count) {
    add(-count);
  }

  long reserved() {
    return add(0);
  }

  @CanIgnoreReturnValue
  private synchronized long add(long count) {
    bytes += count;
    return bytes;
  }

  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  /** Waits until no request is open; false when the time was up first. */
  @CanIgnoreReturnValue
  boolean awaitNone(Duration limit) throws InterruptedException {
    return requests.awaitNone(limit);
  }

  /** Waits until every connection is gone, or the time is up. */
  void awaitNoConnection(Duration limit) throws InterruptedException {
    connections.awaitNone(limit);
  }
}
