// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import dev.sluice.loadtest.report.ReportException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One demand on a run, in k6's words: {@code p(99)<50ms}, {@code errors<0.1%}, {@code rate>=1000}.
 *
 * @param text as it was given
 * @param percentile of {@code p(N)}; 0 for other figures
 * @param bound in nanoseconds, a share from 0 to 1, calls per second, or calls
 */
public record Threshold(
    String text, Figure figure, double percentile, Comparison comparison, double bound) {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "\\s*(?:([a-z_]+)|p\\(\\s*(\\d{1,3}(?:\\.\\d{1,9})?)\\s*\\))"
              + "\\s*(<=|>=|===|==|!=|<|>)\\s*(\\d{1,15}(?:\\.\\d{1,15})?)\\s*(%|ns|us|ms|s)?\\s*");
  private static final Map<String, Double> NANOS =
      Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);

  /** What is compared; latencies are response times. */
  public enum Figure {
    AVG,
    MIN,
    MAX,
    PERCENTILE,
    ERRORS,
    RATE,
    COUNT,
    DROPPED;

    boolean latency() {
      return compareTo(PERCENTILE) <= 0;
    }
  }

  /** The share of calls that may be over the bound, if the bound is such; 0: it is not. */
  double share() {
    double share =
        switch (figure) {
          case ERRORS -> bound;
          case PERCENTILE -> 1 - percentile / 100;
          default -> 0;
        };
    return comparison.isUpperBound() && share > 0 && share < 1 ? share : 0;
  }

  /**
   * @throws ReportException if it is not in the grammar
   */
  public static Threshold parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      throw new ReportException(
          "--slo: '" + text + "' is not like p(99)<50ms, errors<0.1% or rate>1000");
    }
    String word = matcher.group(1);
    double percentile = word == null ? Double.parseDouble(matcher.group(2)) : 0;
    if (percentile > 100) {
      throw new ReportException("--slo: '" + text + "': a percentile is from 0 to 100");
    }
    Figure figure = word == null ? Figure.PERCENTILE : figure(text, word);
    if ("med".equals(word)) {
      percentile = 50;
    }
    String unit = matcher.group(5) == null ? "" : matcher.group(5);
    double bound = bound(text, figure, Double.parseDouble(matcher.group(4)), unit);
    return new Threshold(text.strip(), figure, percentile, Comparison.of(matcher.group(3)), bound);
  }

  private static Figure figure(String text, String word) {
    return switch (word) {
      case "avg" -> Figure.AVG;
      case "min" -> Figure.MIN;
      case "max" -> Figure.MAX;
      case "med" -> Figure.PERCENTILE;
      case "errors", "error_rate" -> Figure.ERRORS;
      case "rate", "rps" -> Figure.RATE;
      case "count" -> Figure.COUNT;
      case "dropped" -> Figure.DROPPED;
      default ->
          throw new ReportException(
              "--slo: '"
                  + text
                  + "': '"
                  + word
                  + "' is none of p(N), avg, min, med, max, errors, rate, count, dropped");
    };
  }

  private static double bound(String text, Figure figure, double number, String unit) {
    if (figure.latency()) {
      Double nanos = NANOS.get(unit.isEmpty() ? "ms" : unit);
      if (nanos != null) {
        return number * nanos;
      }
    } else if (unit.isEmpty()) {
      return number;
    } else if (figure == Figure.ERRORS && unit.equals("%")) {
      return number / 100;
    }
    throw new ReportException("--slo: '" + text + "': '" + unit + "' is not a unit of its figure");
  }
}
