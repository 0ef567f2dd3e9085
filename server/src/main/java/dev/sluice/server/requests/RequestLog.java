// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.telemetry.Outcome;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Which requests get a line in the log, and the line. Requests that failed always do, up to so many
 * a second: nobody can fill a disk by sending nonsense, and what a client gets wrong cannot crowd
 * out what the server gets wrong.
 */
public final class RequestLog {
  /** Under which the lines stand. */
  public static final String LOGGER = "dev.sluice.requests";

  private static final Logger log = LoggerFactory.getLogger(LOGGER);

  /**
   * @param sample the share of answered requests that get a line, 0 to 1
   * @param failuresPerSecond lines about what clients got wrong, and as many about what the server
   *     did
   * @param texts whether a line shows how the texts of its request begin
   */
  public record Rules(double sample, int failuresPerSecond, boolean texts) {
    /** Whether no request ever gets a line. */
    public boolean none() {
      return sample == 0 && failuresPerSecond == 0;
    }
  }

  private final Rules rules;
  private final DoubleSupplier random;
  private final LineBudget mistakes;
  private final LineBudget failures;

  /**
   * @param random from 0 to below 1
   */
  public RequestLog(Rules rules, DoubleSupplier random, NanoClock clock) {
    this.rules = rules;
    this.random = random;
    this.mistakes = new LineBudget(rules.failuresPerSecond(), clock);
    this.failures = new LineBudget(rules.failuresPerSecond(), clock);
  }

  boolean keepsTexts() {
    return rules.texts();
  }

  /** Whether the next request that ended so gets a line. */
  boolean wants(@Nullable Outcome outcome) {
    if (outcome == null) {
      return rules.sample() > 0 && random.getAsDouble() < rules.sample();
    }
    return rules.failuresPerSecond() > 0 && (ofTheServer(outcome) ? failures : mistakes).take();
  }

  void write(FinishedRequest request, String traceId) {
    Outcome outcome = request.outcome();
    Level level = outcome != null && ofTheServer(outcome) ? Level.WARN : Level.INFO;
    LoggingEventBuilder line = log.atLevel(level).setMessage("request");
    String trace =
        traceId.isEmpty() ? TraceParent.traceId(request.head().header("traceparent")) : traceId;
    for (Map.Entry<String, Object> field : RequestLine.of(request, trace).entrySet()) {
      line = line.addKeyValue(field.getKey(), field.getValue());
    }
    line.log();
  }

  /** Says how many lines were left out since the last time. */
  void writeSuppressed(long lost) {
    long ofClients = mistakes.takeSuppressed();
    long ofServer = failures.takeSuppressed();
    if (ofClients + ofServer + lost > 0) {
      log.atWarn()
          .setMessage("requests without a line: too many failed at once, or the log is too slow")
          .addKeyValue("suppressed_client_mistakes", ofClients)
          .addKeyValue("suppressed_server_failures", ofServer)
          .addKeyValue("lost", lost)
          .log();
    }
  }

  private static boolean ofTheServer(Outcome outcome) {
    return switch (outcome) {
      case OVERLOADED, DEADLINE_PASSED, UNAVAILABLE, INTERNAL -> true;
      case INVALID, TOO_LARGE, NOT_FOUND, WRONG_TASK, UNSUPPORTED, CANCELLED -> false;
    };
  }
}
