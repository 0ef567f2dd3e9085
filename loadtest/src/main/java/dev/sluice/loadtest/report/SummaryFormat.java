// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ghz's summary, byte for byte, save that the lists of statuses and errors have an order and that a
 * line end or another control character within an error is a space: servers write to terminals
 * here.
 */
final class SummaryFormat {
  private static final String BAR = "\u220e";
  private static final int WIDEST_BAR = 40;
  private static final int PADDING = 3;

  private SummaryFormat() {}

  static void write(Report report, Writer out) throws IOException {
    Figures figures = report.figures();
    out.write("\nSummary:\n");
    if (!report.name().isEmpty()) {
      out.write("  Name:\t\t" + report.name() + "\n");
    }
    out.write("  Count:\t" + figures.count() + "\n");
    out.write("  Total:\t" + Durations.text(figures.totalNanos()) + "\n");
    out.write("  Slowest:\t" + Durations.text(figures.slowestNanos()) + "\n");
    out.write("  Fastest:\t" + Durations.text(figures.fastestNanos()) + "\n");
    out.write("  Average:\t" + Durations.text(figures.averageNanos()) + "\n");
    out.write("  Requests/sec:\t" + GoNumbers.fixed(figures.perSecond(), 2) + "\n");
    out.write("\nResponse time histogram:\n");
    histogram(figures.buckets(), out);
    out.write("\nLatency distribution:");
    for (Figures.Percentile percentile : figures.percentiles()) {
      String latency = Durations.text(percentile.nanos());
      out.write("\n  " + percentile.percentage() + " % in " + latency + " ");
    }
    out.write("\n\n");
    if (!report.statusCounts().isEmpty()) {
      out.write("Status code distribution:\n");
      columns(statusRows(report.statusCounts()), out);
    }
    out.write("\n");
    if (!report.errorCounts().isEmpty()) {
      out.write("Error distribution:\n");
      columns(errorRows(report.errorCounts()), out);
    }
    out.write("\n");
  }

  private static void histogram(List<Figures.Bucket> buckets, Writer out) throws IOException {
    long most = buckets.stream().mapToLong(Figures.Bucket::count).max().orElse(0);
    int widestCount = Long.toString(most).length();
    int widestMark = buckets.stream().mapToInt(bucket -> mark(bucket).length()).max().orElse(0);
    for (Figures.Bucket bucket : buckets) {
      String count = Long.toString(bucket.count());
      long bar = most == 0 ? 0 : (bucket.count() * WIDEST_BAR + most / 2) / most;
      out.write("  " + padded(mark(bucket), widestMark) + " [" + count + "]");
      out.write(" ".repeat(widestCount - count.length()));
      out.write(" |" + BAR.repeat((int) bar) + "\n");
    }
  }

  private static String mark(Figures.Bucket bucket) {
    return GoNumbers.fixed(bucket.markSeconds() * 1000, 3);
  }

  private static List<List<String>> statusRows(Map<String, Long> counts) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, Long> entry : Ranking.of(counts)) {
      rows.add(List.of("  [" + entry.getKey() + "]", entry.getValue() + " responses"));
    }
    return rows;
  }

  private static List<List<String>> errorRows(Map<String, Long> counts) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, Long> entry : Ranking.of(counts)) {
      rows.add(
          List.of(
              "  [" + entry.getValue() + "]", entry.getKey().replaceAll("\\p{IsControl}", " ")));
    }
    return rows;
  }

  /** Cells as Go's tabwriter aligns them: each column as wide as its widest, and the padding. */
  private static void columns(List<List<String>> rows, Writer out) throws IOException {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < 2; column++) {
      int widest = 0;
      for (List<String> row : rows) {
        widest = Math.max(widest, runes(row.get(column)));
      }
      widths.add(widest + PADDING);
    }
    for (List<String> row : rows) {
      for (int column = 0; column < 2; column++) {
        out.write(padded(row.get(column), widths.get(column)));
      }
      out.write("\n");
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - runes(text)));
  }

  private static int runes(String text) {
    return text.codePointCount(0, text.length());
  }
}
