// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.Locale;

/**
 * One thing that the operator may set.
 *
 * @param key where it stands in the file, as {@code section.name}
 * @param flag its long flag, with the dashes
 * @param help one line, without a full stop
 */
public record Setting<T>(String key, String flag, ValueType<T> type, T defaultValue, String help) {

  /** The environment variable that sets it. */
  public String variable() {
    return "SLUICE_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** The default as it would stand in a file. */
  public String defaultText() {
    return type.print(defaultValue);
  }

  String section() {
    return key.substring(0, key.indexOf('.'));
  }

  String name() {
    return key.substring(key.indexOf('.') + 1);
  }
}
