// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

/** The variable parts of a path, decoded; empty where the route has none. */
record PathParts(String name, String version) {
  static final PathParts NONE = new PathParts("", "");
}
