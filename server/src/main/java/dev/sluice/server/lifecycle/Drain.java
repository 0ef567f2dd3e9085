// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.lifecycle;

import dev.sluice.batching.NanoClock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a server without losing what it accepted: not ready at once, then serving on while clients
 * look elsewhere, then no new work, then everything accepted is answered, then closed; all of it
 * within a limit.
 */
public final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  /** One thing that takes part, in the order in which requests meet it. */
  public interface Part {
    /** No longer ready; goes on serving. Returns at once. */
    default void beginDrain() {}

    /**
     * Takes nothing new and waits until what was accepted is answered, then frees everything; what
     * is not answered within the limit is refused.
     *
     * @return whether everything was answered
     */
    boolean finish(Duration limit) throws InterruptedException;
  }

  /** Waits; the wiring passes one that sleeps. */
  @FunctionalInterface
  public interface Pause {
    void forDuration(Duration duration) throws InterruptedException;
  }

  private final List<Part> parts;
  private final Duration delay;
  private final Duration limit;
  private final NanoClock clock;
  private final Pause pause;

  /**
   * @param delay how long to serve on while not ready
   * @param limit for all of it, the delay included
   */
  public Drain(List<Part> parts, Duration delay, Duration limit, NanoClock clock, Pause pause) {
    this.parts = List.copyOf(parts);
    this.delay = delay;
    this.limit = limit;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Runs the whole sequence on the calling thread.
   *
   * @return whether everything accepted was answered
   */
  public boolean run() throws InterruptedException {
    long start = clock.nanoTime();
    log.info("draining: no longer ready; at most {} s until exit", limit.toSeconds());
    parts.forEach(Drain::begin);
    Duration serveOn = delay.compareTo(limit) < 0 ? delay : limit;
    if (!serveOn.isZero()) {
      pause.forDuration(serveOn);
    }
    boolean allAnswered = true;
    for (Part part : parts) {
      Duration left = limit.minusNanos(clock.nanoTime() - start);
      allAnswered &= finish(part, left.isNegative() ? Duration.ZERO : left);
    }
    log.info(
        allAnswered
            ? "drained: everything accepted was answered"
            : "drain limit reached: what was left has been refused");
    return allAnswered;
  }

  /** A part that fails must not keep the others from their turn. */
  private static void begin(Part part) {
    try {
      part.beginDrain();
    } catch (RuntimeException failed) {
      log.error("a part of the server could not begin to drain", failed);
    }
  }

  private static boolean finish(Part part, Duration left) throws InterruptedException {
    try {
      return part.finish(left);
    } catch (RuntimeException failed) {
      log.error("a part of the server could not be drained", failed);
      return false;
    }
  }
}
