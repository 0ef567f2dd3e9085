// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.transport.http.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What goes back.
 *
 * @param compressible whether compression would make it much smaller
 */
public record ApiResponse(
    int status,
    String contentType,
    ByteBuffer body,
    Map<String, String> headers,
    boolean compressible) {
  static final String JSON = "application/json";

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
