// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import java.io.Serial;
import java.util.Map;

/** A refusal that only HTTP knows, such as a wrong verb; without a stack trace. */
public final class StatusException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers;

  public StatusException(int status, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.status = status;
    this.headers = headers;
  }

  public StatusException(int status, String message) {
    this(status, message, Map.of());
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }
}
