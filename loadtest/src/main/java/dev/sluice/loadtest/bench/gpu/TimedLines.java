// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The lines of another process, which may say nothing, or anything: each is waited for no longer
 * than is said, and of a long one only the beginning is kept. A thread of its own reads, and stops
 * where nobody takes the lines. For one thread that takes them.
 */
final class TimedLines implements AutoCloseable {
  private static final int LONGEST = 1_000;
  private static final int MOST_WAITING = 100;

  private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread reader;

  TimedLines(Reader from, String name) {
    this.reader = Thread.ofPlatform().daemon(true).name(name).start(() -> read(from));
  }

  /** The next line came in time, or why not. */
  sealed interface Next {
    record Line(String text) implements Next {}

    record Late() implements Next {}

    record Ended() implements Next {}
  }

  Next next(Duration limit) throws InterruptedException {
    Optional<String> line = lines.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (line == null) {
      return new Next.Late();
    }
    return line.<Next>map(Next.Line::new).orElseGet(Next.Ended::new);
  }

  private void read(Reader from) {
    try {
      try {
        StringBuilder line = new StringBuilder();
        for (int c = from.read(); c >= 0; c = from.read()) {
          if (c == '\n') {
            lines.put(Optional.of(line.toString()));
            line.setLength(0);
          } else if (line.length() < LONGEST) {
            line.append((char) c);
          }
        }
      } catch (IOException closed) {
        // It has ended.
      }
      lines.put(Optional.empty());
    } catch (InterruptedException nobodyListens) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    reader.interrupt();
  }
}
