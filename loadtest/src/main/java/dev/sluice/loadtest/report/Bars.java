// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** One bar for each name, below each other, as inline SVG in the colours of the page. */
final class Bars {
  private static final int WIDTH = 720;
  private static final int LEFT = 130;
  private static final int RIGHT = 110;
  private static final int ROW = 22;

  private final String title;
  private final Map<String, Bar> bars = new LinkedHashMap<>();

  private record Bar(double value, String label) {}

  Bars(String title) {
    this.title = title;
  }

  /**
   * @param label what stands behind the bar
   */
  Bars bar(String name, double value, String label) {
    bars.put(name, new Bar(value, label));
    return this;
  }

  /** Empty if there are no bars. */
  String svg() {
    if (bars.isEmpty()) {
      return "";
    }
    double most = bars.values().stream().mapToDouble(Bar::value).max().orElse(0);
    StringBuilder svg = new StringBuilder("<figure><figcaption>").append(Markup.escaped(title));
    svg.append("</figcaption><svg viewBox=\"0 0 ").append(WIDTH).append(' ');
    svg.append(bars.size() * ROW + ROW / 2).append("\" role=\"img\" aria-label=\"");
    svg.append(Markup.escaped(title)).append("\">");
    int y = 0;
    for (Map.Entry<String, Bar> each : bars.entrySet()) {
      Bar bar = each.getValue();
      double width = most == 0 ? 0 : bar.value() / most * (WIDTH - LEFT - RIGHT);
      svg.append("<text class=\"left\" x=\"").append(LEFT - 6).append("\" y=\"").append(y + 15);
      svg.append("\">").append(Markup.escaped(each.getKey())).append("</text>");
      svg.append("<rect class=\"fill0\" x=\"").append(LEFT).append("\" y=\"").append(y + 3);
      svg.append("\" width=\"").append(GoNumbers.fixed(width, 1)).append("\" height=\"");
      svg.append(ROW - 6).append("\"/><text x=\"").append(GoNumbers.fixed(LEFT + width + 6, 1));
      svg.append("\" y=\"").append(y + 15).append("\">").append(Markup.escaped(bar.label()));
      svg.append("</text>");
      y += ROW;
    }
    return svg.append("</svg></figure>\n").toString();
  }
}
