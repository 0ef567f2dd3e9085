// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.core.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams of requests that are open, for the drain to close: their clients may keep them open
 * without a request for as long as they like.
 *
 * <p>Safe for use by many threads: one lock, which is not held while a stream is closed.
 */
final class OpenStreams {
  /** A stream that can be told to end; more than once, from any thread. */
  interface Closeable {
    /** Answers what was accepted, takes nothing more, and ends with that problem. */
    void close(Problem reason);
  }

  private final Set<Closeable> open = new LinkedHashSet<>();
  private @Nullable Problem closing;

  /** Keeps the stream; once {@link #closeAll} was called, a new stream is closed at once. */
  void add(Closeable stream) {
    Problem reason;
    synchronized (this) {
      open.add(stream);
      reason = closing;
    }
    if (reason != null) {
      stream.close(reason);
    }
  }

  void remove(Closeable stream) {
    synchronized (this) {
      open.remove(stream);
    }
  }

  /** Closes the streams in the order in which they were opened. */
  void closeAll(Problem reason) {
    List<Closeable> now;
    synchronized (this) {
      closing = reason;
      now = List.copyOf(open);
    }
    now.forEach(stream -> stream.close(reason));
  }
}
