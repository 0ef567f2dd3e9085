// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes metrics in the text format of Prometheus (0.0.4) or of OpenMetrics (1.0). Used by one
 * thread.
 */
final class MetricsText implements MetricsWriter {
  private static final String TOTAL = "_total";

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final boolean openMetrics;
  private String family = "";

  MetricsText(boolean openMetrics) {
    this.openMetrics = openMetrics;
  }

  /** OpenMetrics asks that a counter's samples end in _total; others are of an unknown type. */
  @Override
  public void counter(String name, String help) {
    if (!openMetrics) {
      begin(name, name, "counter", help);
    } else if (name.endsWith(TOTAL)) {
      begin(name, name.substring(0, name.length() - TOTAL.length()), "counter", help);
    } else {
      begin(name, name, "unknown", help);
    }
  }

  @Override
  public void gauge(String name, String help) {
    begin(name, name, "gauge", help);
  }

  @Override
  public void histogram(String name, String help) {
    begin(name, name, "histogram", help);
  }

  private void begin(String samples, String described, String type, String help) {
    family = samples;
    out.append("# HELP ").append(described).append(' ').append(escape(help)).append('\n');
    out.append("# TYPE ").append(described).append(' ').append(type).append('\n');
  }

  @Override
  public void sample(List<String> labels, long value) {
    line("", labels, Long.toString(value));
  }

  @Override
  public void sample(List<String> labels, double value) {
    line("", labels, print(value));
  }

  @Override
  public void sample(List<String> labels, Distribution distribution) {
    for (Distribution.Bound bound : distribution.classic()) {
      List<String> bounded = new ArrayList<>(labels);
      bounded.add("le");
      bounded.add(print(bound.bound()));
      line("_bucket", bounded, Long.toString(bound.count()));
    }
    line("_sum", labels, print(distribution.sum()));
    line("_count", labels, Long.toString(distribution.count()));
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

  @Override
  public byte[] end() {
    if (openMetrics) {
      out.append("# EOF\n");
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }
}
