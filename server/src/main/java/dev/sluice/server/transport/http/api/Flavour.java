// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

/** Whose error bodies a route speaks. */
public enum Flavour {
  /** {@code {"error": "text"}}. */
  OPEN_INFERENCE,
  /** {@code {"error": {"message", "type", "param", "code"}}}. */
  OPENAI;

  /** By the path alone, so that even what has no route is answered in the right shape. */
  public static Flavour of(String path) {
    return path.startsWith("/v1/") || path.equals("/embeddings") ? OPENAI : OPEN_INFERENCE;
  }
}
