// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

/** The least important lines that are still logged. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR
}
