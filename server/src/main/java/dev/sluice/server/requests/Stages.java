// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import java.util.List;
import java.util.Locale;

/**
 * Where the time of a request went. The parts follow each other without overlap and lie between 0
 * and the total; those that were not reached are missing.
 *
 * @param startNanos of the request, on the server's clock
 */
public record Stages(long startNanos, long totalNanos, List<Part> parts) {
  /** The steps of a request, in their order. */
  public enum Step {
    /** From the first sign of the request until its last byte was there. */
    RECEIVE,
    /** Until it is read and found valid. */
    DECODE,
    /** Until its inputs are tokens. */
    ENCODE,
    QUEUE,
    COMPUTE,
    SPLIT,
    /** From the answer until it is written. */
    RESPOND;

    /** As spans and log lines have it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A step, in nanoseconds since the start of the request. */
  public record Part(Step step, long fromNanos, long untilNanos) {
    public long nanos() {
      return untilNanos - fromNanos;
    }
  }
}
