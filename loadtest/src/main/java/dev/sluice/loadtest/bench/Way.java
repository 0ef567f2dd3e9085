// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

/** The ways to the work that are compared. */
enum Way {
  IN_PROCESS("in-process"),
  GRPC("gRPC"),
  HTTP_FLOATS("HTTP, JSON floats"),
  HTTP_BASE64("HTTP, base64"),
  NOOP_GRPC("no-op, gRPC"),
  NOOP_HTTP("no-op, HTTP");

  private final String words;

  Way(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  boolean noop() {
    return this == NOOP_GRPC || this == NOOP_HTTP;
  }
}
