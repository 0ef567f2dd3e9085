// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.tracing;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * OpenTelemetry's environment variables, and whether they ask for traces. To be asked before {@link
 * Tracing}, which loads OpenTelemetry.
 */
public record TracingVariables(Map<String, String> environment) {
  private static final String PREFIX = "OTEL_";
  private static final String PROTOCOL = "http/protobuf";
  private static final List<String> PROTOCOLS =
      List.of("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL");

  /**
   * Whether an exporter or a collector is named. The standard would send to a collector on this
   * machine where nothing is said at all; here nothing connects unasked.
   */
  public boolean askForTraces() {
    if (text("OTEL_SDK_DISABLED").equalsIgnoreCase("true")) {
      return false;
    }
    String exporter = text("OTEL_TRACES_EXPORTER");
    if (!exporter.isEmpty()) {
      return !exporter.equals("none");
    }
    return !text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").isEmpty()
        || !text("OTEL_EXPORTER_OTLP_ENDPOINT").isEmpty();
  }

  /** What of the variables this server cannot do, in words; empty for nothing. */
  String unsupported() {
    for (String name : PROTOCOLS) {
      String protocol = text(name);
      if (!protocol.isEmpty() && !protocol.equals(PROTOCOL)) {
        return name + " must be " + PROTOCOL + ", which collectors take on port 4318 by custom";
      }
    }
    return "";
  }

  /** In the form of properties, for what an operator leaves out. */
  Map<String, String> defaults() {
    Map<String, String> defaults = new HashMap<>();
    defaults.put("otel.exporter.otlp.protocol", PROTOCOL);
    if (!text("OTEL_RESOURCE_ATTRIBUTES").contains("service.name=")) {
      defaults.put("otel.service.name", "sluice");
    }
    return defaults;
  }

  /** In the form of properties: what was set, for traces alone. */
  Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !value.isBlank()) {
            properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value.strip());
          }
        });
    properties.put("otel.metrics.exporter", "none");
    properties.put("otel.logs.exporter", "none");
    return properties;
  }

  private String text(String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
