// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

/** What log lines look like. */
public enum LogFormat {
  /** Text on a terminal, else JSON. */
  AUTO,
  TEXT,
  JSON
}
