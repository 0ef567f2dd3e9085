// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.config.ServerConfig;

/** Serves until told to stop. */
@FunctionalInterface
public interface ServeAction {
  /** Returns the exit code, once everything has stopped. */
  int run(ServerConfig config);
}
