// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.core.Problem;
import dev.sluice.server.transport.http.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes back.
 *
 * @param compressible whether compression would make it much smaller
 * @param problem what went wrong; null for nothing, and for what only HTTP knows
 */
public record ApiResponse(
    int status,
    String contentType,
    ByteBuffer body,
    Map<String, String> headers,
    boolean compressible,
    @Nullable Problem problem) {
  static final String JSON = "application/json";

  /** Of a request, the variant that it asks for; of an answer, the one that gave it. */
  static final String VARIANT = "sluice-variant";

  public ApiResponse(
      int status,
      String contentType,
      ByteBuffer body,
      Map<String, String> headers,
      boolean compressible) {
    this(status, contentType, body, headers, compressible, null);
  }

  ApiResponse because(Problem what) {
    return new ApiResponse(status, contentType, body, headers, compressible, what);
  }

  static ApiResponse json(int status, JsonWriter json) {
    return new ApiResponse(status, JSON, json.written(), Map.of(), true);
  }

  /** Nothing but which methods there are. */
  static ApiResponse empty(String allowed) {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    return new ApiResponse(200, "text/plain", nothing, Map.of("allow", allowed), false);
  }

  static ApiResponse ok(JsonWriter json) {
    return json(200, json);
  }
}
