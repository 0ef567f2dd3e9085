// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a line says in names and values beside its message. */
final class Fields {
  private Fields() {}

  static Map<String, Object> of(ILoggingEvent event) {
    if (event.getKeyValuePairs() == null) {
      return Map.of();
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    event
        .getKeyValuePairs()
        .forEach(pair -> fields.put(pair.key, pair.value == null ? "null" : pair.value));
    return fields;
  }
}
