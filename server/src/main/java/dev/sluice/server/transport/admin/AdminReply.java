// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import java.util.Map;

/** A whole answer, made before any of it is sent. */
record AdminReply(int status, String contentType, String body, Map<String, String> headers) {
  static final String PLAIN = "text/plain; charset=utf-8";
  static final String JSON = "application/json";

  static AdminReply ok(String contentType, String body) {
    return new AdminReply(200, contentType, body, Map.of());
  }

  static AdminReply plain(int status, String line) {
    return new AdminReply(status, PLAIN, line + "\n", Map.of());
  }

  static AdminReply notAllowed(String allowed) {
    return new AdminReply(405, PLAIN, "use one of: " + allowed + "\n", Map.of("allow", allowed));
  }
}
