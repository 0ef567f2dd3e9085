// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The formats that a scrape may have. */
public enum ScrapeFormat {
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8"),
  /** The only one with native histograms. */
  PROTOBUF(
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited");

  private static final int MOST_CHOICES = 64;

  private final String contentType;

  ScrapeFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  MetricsWriter writer() {
    return switch (this) {
      case TEXT -> new MetricsText(false);
      case OPEN_METRICS -> new MetricsText(true);
      case PROTOBUF -> new MetricsProtobuf();
    };
  }

  /**
   * The format that a client likes best: by its weights, and where they are the same by its order.
   * Text for one that asks for nothing that there is.
   *
   * @param accept the header, as it came; empty for none
   */
  public static ScrapeFormat of(String accept) {
    ScrapeFormat best = TEXT;
    double bestWeight = 0;
    for (String choice : accept.toLowerCase(Locale.ROOT).split(",", MOST_CHOICES)) {
      String[] parts = choice.split(";", -1);
      Map<String, String> parameters = parameters(parts);
      double weight = weight(parameters.getOrDefault("q", "1"));
      ScrapeFormat format = format(parts[0].strip(), parameters);
      if (format != null && weight > bestWeight) {
        best = format;
        bestWeight = weight;
      }
    }
    return best;
  }

  private static @Nullable ScrapeFormat format(String media, Map<String, String> parameters) {
    String version = parameters.getOrDefault("version", "");
    return switch (media) {
      case "application/vnd.google.protobuf" ->
          parameters.getOrDefault("proto", "").equals("io.prometheus.client.metricfamily")
                  && parameters.getOrDefault("encoding", "").equals("delimited")
              ? PROTOBUF
              : null;
      case "application/openmetrics-text" ->
          version.isEmpty() || version.equals("1.0.0") ? OPEN_METRICS : null;
      case "text/plain" -> version.isEmpty() || version.equals("0.0.4") ? TEXT : null;
      case "text/*", "*/*" -> TEXT;
      default -> null;
    };
  }

  private static Map<String, String> parameters(String[] parts) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        String value = parts[i].substring(equals + 1).strip().replace("\"", "");
        parameters.put(parts[i].substring(0, equals).strip(), value);
      }
    }
    return parameters;
  }

  /** A weight that is none makes its choice one that is not wanted. */
  private static double weight(String q) {
    return q.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(q) : 0;
  }
}
