// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Outcome;
import java.io.Serial;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal that only HTTP knows, such as a wrong verb; without a stack trace. */
public final class StatusException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers;

  private final @Nullable Limit limit;

  public StatusException(int status, String message, Map<String, String> headers) {
    this(status, message, headers, null);
  }

  /** For a limit that was hit. */
  public StatusException(int status, String message, Limit limit) {
    this(status, message, Map.of(), limit);
  }

  private StatusException(
      int status, String message, Map<String, String> headers, @Nullable Limit limit) {
    super(message, null, false, false);
    this.status = status;
    this.headers = headers;
    this.limit = limit;
  }

  public StatusException(int status, String message) {
    this(status, message, Map.of());
  }

  int status() {
    return status;
  }

  /** How it is counted. */
  Outcome outcome() {
    return switch (status) {
      case 404 -> Outcome.NOT_FOUND;
      case 405, 501 -> Outcome.UNSUPPORTED;
      case 408 -> Outcome.DEADLINE_PASSED;
      case 413, 414, 431 -> Outcome.TOO_LARGE;
      default -> Outcome.INVALID;
    };
  }

  @Nullable Limit limit() {
    return limit;
  }

  Map<String, String> headers() {
    return headers;
  }
}
