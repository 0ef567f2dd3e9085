// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;

/**
 * Writes metrics in the text format of Prometheus (0.0.4) or of OpenMetrics (1.0). Begin a family,
 * then write all of its samples. Used by one thread.
 */
final class MetricsText {
  private static final String TOTAL = "_total";

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final boolean openMetrics;
  private String family = "";

  MetricsText(boolean openMetrics) {
    this.openMetrics = openMetrics;
  }

  /** OpenMetrics asks that a counter's samples end in _total; others are of an unknown type. */
  void counter(String name, String help) {
    if (!openMetrics) {
      begin(name, name, "counter", help);
    } else if (name.endsWith(TOTAL)) {
      begin(name, name.substring(0, name.length() - TOTAL.length()), "counter", help);
    } else {
      begin(name, name, "unknown", help);
    }
  }

  void gauge(String name, String help) {
    begin(name, name, "gauge", help);
  }

  void histogram(String name, String help) {
    begin(name, name, "histogram", help);
  }

  private void begin(String samples, String described, String type, String help) {
    family = samples;
    out.append("# HELP ").append(described).append(' ').append(escape(help)).append('\n');
    out.append("# TYPE ").append(described).append(' ').append(type).append('\n');
  }

  /**
   * @param labels name, value, name, value
   */
  void sample(List<String> labels, long value) {
    line("", labels, Long.toString(value));
  }

  void sample(List<String> labels, double value) {
    line("", labels, print(value));
  }

  /** A sample of a histogram: {@code _bucket}, {@code _sum} or {@code _count}. */
  void sample(String suffix, List<String> labels, long value) {
    line(suffix, labels, Long.toString(value));
  }

  void sample(String suffix, List<String> labels, double value) {
    line(suffix, labels, print(value));
  }

  private void line(String suffix, List<String> labels, String value) {
    out.append(family).append(suffix);
    for (int i = 0; i < labels.size(); i += 2) {
      out.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"");
      out.append(escape(labels.get(i + 1)).replace("\"", "\\\"")).append('"');
    }
    out.append(labels.isEmpty() ? " " : "} ").append(value).append('\n');
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String print(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return Double.toString(value);
  }

  String end() {
    if (openMetrics) {
      out.append("# EOF\n");
    }
    return out.toString();
  }
}
