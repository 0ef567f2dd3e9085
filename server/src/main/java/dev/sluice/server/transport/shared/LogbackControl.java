// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

/** Sets the level of one Logback logger and, by that, of those below it. */
public final class LogbackControl implements LogControl {
  private final Logger logger;

  public LogbackControl(Logger logger) {
    this.logger = logger;
  }

  @Override
  public Verbosity verbosity() {
    int level = logger.getEffectiveLevel().toInt();
    if (level <= Level.TRACE_INT) {
      return Verbosity.VERY_VERBOSE;
    }
    if (level <= Level.DEBUG_INT) {
      return Verbosity.VERBOSE;
    }
    if (level <= Level.INFO_INT) {
      return Verbosity.INFO;
    }
    if (level <= Level.WARN_INT) {
      return Verbosity.WARNING;
    }
    return level <= Level.ERROR_INT ? Verbosity.ERROR : Verbosity.NONE;
  }

  @Override
  public void set(Verbosity verbosity) {
    logger.setLevel(
        switch (verbosity) {
          case NONE -> Level.OFF;
          case ERROR -> Level.ERROR;
          case WARNING -> Level.WARN;
          case INFO -> Level.INFO;
          case VERBOSE -> Level.DEBUG;
          case VERY_VERBOSE -> Level.TRACE;
        });
  }
}
