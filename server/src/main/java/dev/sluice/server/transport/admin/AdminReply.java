// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A whole answer, made before any of it is sent. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record AdminReply(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final String PLAIN = "text/plain; charset=utf-8";
  static final String JSON = "application/json";

  static AdminReply ok(String contentType, String body) {
    return ok(contentType, utf8(body));
  }

  static AdminReply ok(String contentType, byte[] body) {
    return new AdminReply(200, contentType, body, Map.of());
  }

  static AdminReply plain(int status, String line) {
    return new AdminReply(status, PLAIN, utf8(line + "\n"), Map.of());
  }

  static AdminReply notAllowed(String allowed) {
    byte[] body = utf8("use one of: " + allowed + "\n");
    return new AdminReply(405, PLAIN, body, Map.of("allow", allowed));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
