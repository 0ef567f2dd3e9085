// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.loadtest.report.Figures;
import dev.sluice.loadtest.report.ReportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of an earlier JSON report, ghz's or ours: {@code average}, {@code fastest}, {@code
 * slowest}, {@code rps} and {@code p10} to {@code p99}. The details are skipped as they are read.
 */
public record Baseline(String name, Map<String, Double> figures) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String DISTRIBUTION = "latencyDistribution";

  public Baseline {
    figures = Map.copyOf(figures);
  }

  /**
   * @throws ReportException if the file is not such a report
   */
  public static Baseline read(Path file) {
    Map<String, Double> figures = new TreeMap<>();
    try (JsonParser parser = FACTORY.createParser(Files.newBufferedReader(file))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ReportException(file + ": not a JSON report: an object is missing");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (key.equals(DISTRIBUTION) && value == JsonToken.START_ARRAY) {
          distribution(parser, figures);
        } else if (value.isNumeric()) {
          figures.put(key, parser.getDoubleValue());
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException failure) {
      throw new ReportException(file + ": not a JSON report: " + failure.getMessage(), failure);
    }
    if (!figures.containsKey("rps") || !figures.containsKey("average")) {
      throw new ReportException(file + ": not a JSON report: it has no 'rps' or no 'average'");
    }
    return new Baseline(file.toString(), figures);
  }

  static Map<String, Double> of(Figures figures) {
    Map<String, Double> values = new TreeMap<>();
    values.put("average", (double) figures.averageNanos());
    values.put("fastest", (double) figures.fastestNanos());
    values.put("slowest", (double) figures.slowestNanos());
    values.put("rps", figures.perSecond());
    for (Figures.Percentile percentile : figures.percentiles()) {
      values.put("p" + percentile.percentage(), (double) percentile.nanos());
    }
    return values;
  }

  private static void distribution(JsonParser parser, Map<String, Double> figures)
      throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      int percentage = 0;
      double latency = 0;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        boolean number = parser.nextToken().isNumeric();
        if (number && key.equals("percentage")) {
          percentage = parser.getIntValue();
        } else if (number && key.equals("latency")) {
          latency = parser.getDoubleValue();
        } else {
          parser.skipChildren();
        }
      }
      figures.put("p" + percentage, latency);
    }
  }
}
