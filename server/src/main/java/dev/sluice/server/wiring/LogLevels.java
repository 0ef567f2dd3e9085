// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.server.transport.admin.AdminParts;
import java.util.Locale;
import java.util.Map;

/** Shows and sets the level of one Logback logger and, by that, of those below it. */
record LogLevels(Logger logger) implements AdminParts.LevelControl {
  private static final Map<String, Level> LEVELS =
      Map.of(
          "off", Level.OFF,
          "error", Level.ERROR,
          "warn", Level.WARN,
          "info", Level.INFO,
          "debug", Level.DEBUG,
          "trace", Level.TRACE);

  @Override
  public String level() {
    return logger.getEffectiveLevel().toString().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean set(String wanted) {
    Level level = LEVELS.get(wanted);
    if (level == null) {
      return false;
    }
    logger.setLevel(level);
    return true;
  }
}
