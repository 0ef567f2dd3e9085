// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.HashMap;
import java.util.Map;

/** The judged value of each setting; its default until something else is put. Not thread-safe. */
final class Values {
  private final Map<String, Object> values = new HashMap<>();

  <T> void put(Setting<T> setting, T value) {
    values.put(setting.key(), value);
  }

  @SuppressWarnings("unchecked") // put() takes only a value of the setting's own type.
  <T> T get(Setting<T> setting) {
    Object value = values.get(setting.key());
    return value == null ? setting.defaultValue() : (T) value;
  }
}
