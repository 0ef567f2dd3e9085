// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One plot as inline SVG: lines over a common horizontal axis. Its colours are classes of the
 * page's style sheet, so that they follow its light or dark scheme.
 */
final class Plot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 240;
  private static final int LEFT = 70;
  private static final int BOTTOM = 30;
  private static final int TOP = 12;

  private final String title;
  private final String unit;
  private final List<Line> lines = new ArrayList<>();
  private final List<Tick> ticks = new ArrayList<>();

  Plot(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** A point, x from 0 to 1. */
  record Point(double x, double y) {}

  private record Line(String name, List<Point> points) {}

  private record Tick(double x, String label) {}

  Plot line(String name, List<Point> points) {
    lines.add(new Line(name, points));
    return this;
  }

  Plot tick(double x, String label) {
    ticks.add(new Tick(x, label));
    return this;
  }

  String svg() {
    double most = 0;
    for (Line line : lines) {
      for (Point point : line.points()) {
        most = Math.max(most, point.y());
      }
    }
    StringBuilder svg = new StringBuilder();
    svg.append("<figure><figcaption>").append(Markup.escaped(title)).append(legend());
    svg.append("</figcaption><svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT);
    svg.append("\" role=\"img\" aria-label=\"").append(Markup.escaped(title)).append("\">");
    for (int i = 0; i <= 4; i++) {
      double value = most * i / 4;
      String y = number(y(value, most));
      svg.append("<line class=\"grid\" x1=\"").append(LEFT).append("\" x2=\"").append(WIDTH);
      svg.append("\" y1=\"").append(y).append("\" y2=\"").append(y).append("\"/>");
      svg.append("<text x=\"").append(LEFT - 6).append("\" y=\"").append(y);
      svg.append("\" class=\"left\">").append(GoNumbers.fixed(value, 2)).append(' ');
      svg.append(Markup.escaped(unit)).append("</text>");
    }
    for (Tick tick : ticks) {
      svg.append("<text class=\"below\" x=\"").append(number(x(tick.x()))).append("\" y=\"");
      svg.append(HEIGHT - 8).append("\">").append(Markup.escaped(tick.label())).append("</text>");
    }
    for (int i = 0; i < lines.size(); i++) {
      svg.append("<polyline class=\"line").append(i % 4).append("\" points=\"");
      for (Point point : lines.get(i).points()) {
        svg.append(number(x(point.x()))).append(',').append(number(y(point.y(), most))).append(' ');
      }
      svg.append("\"/>");
    }
    return svg.append("</svg></figure>\n").toString();
  }

  private String legend() {
    StringBuilder legend = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      legend.append(" <span class=\"name").append(i % 4).append("\">");
      legend.append(Markup.escaped(lines.get(i).name())).append("</span>");
    }
    return legend.toString();
  }

  private static double x(double share) {
    return LEFT + share * (WIDTH - LEFT - 20);
  }

  private static double y(double value, double most) {
    double share = most == 0 ? 0 : value / most;
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  private static String number(double value) {
    return GoNumbers.fixed(value, 1);
  }
}
