// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the Prometheus text format as its specification has it, sharing nothing with the writer:
 * refuses what Prometheus would refuse, families that are described twice or lie apart, the same
 * series twice, and histograms that are not cumulative or do not add up.
 */
public final class Scrape {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\\\\\"n])*)\"(?:,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped", "unknown");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<Series, Double> samples = new LinkedHashMap<>();
  private final boolean openMetrics;
  private String family = "";

  /** A name with its labels. */
  record Series(String name, SortedMap<String, String> labels) {}

  private Scrape(boolean openMetrics) {
    this.openMetrics = openMetrics;
  }

  public static Scrape of(String text) {
    return parse(text, false);
  }

  public static Scrape ofOpenMetrics(String text) {
    return parse(text, true);
  }

  private static Scrape parse(String text, boolean openMetrics) {
    check(text.endsWith("\n"), "the last line must end");
    Scrape scrape = new Scrape(openMetrics);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (openMetrics && i == lines.size() - 1) {
        check(line.equals("# EOF"), "OpenMetrics ends in # EOF");
      } else if (line.startsWith("# TYPE ")) {
        scrape.type(line.substring("# TYPE ".length()).split(" ", 2));
      } else if (line.startsWith("# HELP ")) {
        check(NAME.matcher(line.split(" ", 4)[2]).matches(), line);
      } else {
        check(!line.startsWith("#") && !line.isEmpty(), line);
        scrape.sample(line);
      }
    }
    scrape.checkHistograms();
    return scrape;
  }

  private void type(String[] nameAndType) {
    check(NAME.matcher(nameAndType[0]).matches(), nameAndType[0]);
    check(TYPES.contains(nameAndType[1]), nameAndType[1]);
    check(types.put(nameAndType[0], nameAndType[1]) == null, "twice: " + nameAndType[0]);
    family = nameAndType[0];
  }

  private void sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    check(matcher.matches(), line);
    String name = matcher.group(1);
    check(belongs(name), name + " is not of the family " + family);
    SortedMap<String, String> labels = new TreeMap<>();
    String inside = matcher.group(2) == null ? "" : matcher.group(2);
    Matcher label = LABEL.matcher(inside);
    int end = 0;
    while (end < inside.length()) {
      check(label.find(end) && label.start() == end, line);
      check(labels.put(label.group(1), unescape(label.group(2))) == null, "label twice: " + line);
      end = label.end();
    }
    check(samples.put(new Series(name, labels), number(matcher.group(3))) == null, "twice " + line);
  }

  private boolean belongs(String name) {
    String type = types.get(family);
    if ("histogram".equals(type)) {
      return Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name);
    }
    return name.equals(openMetrics && "counter".equals(type) ? family + "_total" : family);
  }

  private static String unescape(String value) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
        out.append(value.charAt(i) == 'n' ? '\n' : value.charAt(i));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private void checkHistograms() {
    Map<Series, SortedMap<Double, Double>> buckets = new HashMap<>();
    samples.forEach(
        (series, count) -> {
          if (series.name().endsWith("_bucket")) {
            SortedMap<String, String> rest = new TreeMap<>(series.labels());
            double bound = number(String.valueOf(rest.remove("le")));
            buckets
                .computeIfAbsent(new Series(series.name(), rest), s -> new TreeMap<>())
                .put(bound, count);
          }
        });
    buckets.forEach(
        (series, counts) -> {
          double before = 0;
          for (double count : counts.values()) {
            check(count >= before, "not cumulative: " + series);
            before = count;
          }
          check(counts.lastKey() == Double.POSITIVE_INFINITY, "no +Inf: " + series);
          String base = series.name().substring(0, series.name().length() - "_bucket".length());
          check(
              Double.valueOf(before)
                  .equals(samples.get(new Series(base + "_count", series.labels()))),
              "+Inf is not the count: " + series);
        });
  }

  /**
   * The only sample of that name whose labels include these.
   *
   * @param labels name, value, name, value
   */
  public double value(String name, String... labels) {
    Map<String, String> wanted = new HashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    List<Double> found =
        samples.entrySet().stream()
            .filter(e -> e.getKey().name().equals(name))
            .filter(e -> e.getKey().labels().entrySet().containsAll(wanted.entrySet()))
            .map(Map.Entry::getValue)
            .toList();
    check(found.size() == 1, found.size() + " samples of " + name + wanted);
    return found.get(0);
  }

  public boolean has(String name) {
    return samples.keySet().stream().anyMatch(series -> series.name().equals(name));
  }

  public int series() {
    return samples.size();
  }

  /** Every value that a label has anywhere. */
  public Set<String> labelValues(String label) {
    Set<String> values = new HashSet<>();
    samples.keySet().forEach(series -> values.add(series.labels().getOrDefault(label, "")));
    values.remove("");
    return values;
  }

  private static void check(boolean right, String message) {
    if (!right) {
      throw new AssertionError("not a scrape: " + message);
    }
  }
}
