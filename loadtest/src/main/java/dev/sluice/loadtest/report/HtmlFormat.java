// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.OwnCounts;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One page that needs nothing but itself: no script, no font, no address. What comes from the run
 * is escaped.
 */
final class HtmlFormat {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1d2733;--dim:#66727f;--paper:#fff;--rule:#d9dee4;
      --c0:#1668b8;--c1:#c2511a;--c2:#7a3fb0;--c3:#2c8a4b}
      @media(prefers-color-scheme:dark){:root{--ink:#e4e9ee;--dim:#97a3af;--paper:#14191f;
      --rule:#333c46;--c0:#63aaf0;--c1:#f0985f;--c2:#bb8cec;--c3:#66c488}}
      body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);
      max-width:60rem;margin:2rem auto;padding:0 1rem}
      table{border-collapse:collapse;margin:.5rem 0 1.5rem}
      th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid var(--rule)}
      td.n{text-align:right;font-variant-numeric:tabular-nums}
      .dim,figcaption{color:var(--dim)}figure{margin:1rem 0}svg{width:100%;height:auto}
      svg text{fill:var(--dim);font-size:11px}.left{text-anchor:end}.below{text-anchor:middle}
      .grid{stroke:var(--rule)}polyline{fill:none;stroke-width:1.6}
      .fill0{fill:var(--c0)}.bar{background:var(--c0);height:.8rem;display:block}
      .line0{stroke:var(--c0)}.line1{stroke:var(--c1)}.line2{stroke:var(--c2)}
      .line3{stroke:var(--c3)}.name0{color:var(--c0)}.name1{color:var(--c1)}
      .name2{color:var(--c2)}.name3{color:var(--c3)}.PASS{color:var(--c3)}.FAIL{color:var(--c1)}
      pre{white-space:pre-wrap;overflow-wrap:anywhere}
      """;

  private final Writer out;

  private HtmlFormat(Writer out) {
    this.out = out;
  }

  static void write(Report report, Writer out) throws IOException {
    new HtmlFormat(out).page(report);
  }

  private void page(Report report) throws IOException {
    String title = report.name().isEmpty() ? "Load test" : report.name();
    out.write("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    out.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.write("<title>" + Markup.escaped(title) + "</title>\n<style>\n" + STYLE + "</style>\n");
    out.write("</head><body>\n<h1>" + Markup.escaped(title) + "</h1>\n");
    out.write("<p class=\"dim\">" + report.date() + " " + Markup.escaped(report.endReason()));
    for (Map.Entry<String, String> tag : report.tags().entrySet()) {
      out.write(" · " + Markup.escaped(tag.getKey() + "=" + tag.getValue()));
    }
    out.write("</p>\n");
    RunResult run = report.run();
    if (run != null) {
      validity(run.selfCheck());
      verdicts(run.verdicts());
    }
    summary(report);
    percentiles(report.figures().percentiles());
    if (run != null) {
      columns(Columns.of(run, report.percentiles()));
      out.write(Plots.of(run));
    }
    histogram(report.figures().buckets());
    counts("Statuses", "status", report.statusCounts(), report.figures().count());
    counts("Errors", "error", report.errorCounts(), report.figures().count());
    StringBuilder options = new StringBuilder();
    JsonFormat.options(report, new JsonOut(options, true));
    out.write("<h2>Options</h2><pre>" + Markup.escaped(options.toString()) + "</pre>\n");
    out.write("</body></html>\n");
  }

  private void validity(@Nullable SelfCheck check) throws IOException {
    if (check != null && !check.valid()) {
      String reasons = String.join("; ", check.reasons());
      out.write("<p class=\"FAIL\">INVALID: " + Markup.escaped(reasons) + "</p>\n");
    }
  }

  private void verdicts(List<Verdict> verdicts) throws IOException {
    if (verdicts.isEmpty()) {
      return;
    }
    out.write("<h2>Verdicts</h2><table>\n");
    for (Verdict verdict : verdicts) {
      out.write("<tr><td class=\"" + verdict.state() + "\">" + verdict.state() + "</td>");
      cells(verdict.demand(), verdict.observed(), verdict.reason());
    }
    out.write("</table>\n");
  }

  private void summary(Report report) throws IOException {
    Figures figures = report.figures();
    out.write("<h2>Summary</h2><table>\n");
    row("Count", Long.toString(figures.count()));
    row("Total", Durations.text(figures.totalNanos()));
    row("Slowest", Durations.text(figures.slowestNanos()));
    row("Fastest", Durations.text(figures.fastestNanos()));
    row("Average", Durations.text(figures.averageNanos()));
    row("Requests/sec", GoNumbers.fixed(figures.perSecond(), 2));
    if (report.run() != null) {
      own(report.run().own());
    }
    out.write("</table>\n");
  }

  private void own(OwnCounts own) throws IOException {
    row("Dropped", Long.toString(own.dropped()));
    if (own.cutOff() > 0) {
      row("Cut off at the end", Long.toString(own.cutOff()));
    }
    if (own.resent() > 0) {
      row("Sent again", Long.toString(own.resent()));
    }
    for (Map.Entry<String, Long> wrong : own.wrong().entrySet()) {
      row("Wrong answer: " + Markup.escaped(wrong.getKey()), wrong.getValue().toString());
    }
  }

  private void columns(Columns columns) throws IOException {
    if (columns.isEmpty()) {
      return;
    }
    out.write("<h2>Percentiles</h2><table>\n<tr><th></th>");
    for (String view : columns.views().keySet()) {
      out.write("<th>" + Markup.escaped(Columns.title(view)) + "</th>");
    }
    out.write("</tr>\n");
    for (double percentile : columns.percentiles()) {
      out.write("<tr><th>" + GoNumbers.value(percentile) + " %</th>");
      for (Histogram view : columns.views().values()) {
        String time = Durations.text(view.getValueAtPercentile(percentile));
        out.write("<td class=\"n\">" + time + "</td>");
      }
      out.write("</tr>\n");
    }
    out.write("</table>\n");
  }

  private void percentiles(List<Figures.Percentile> percentiles) throws IOException {
    out.write("<h2>Latency distribution</h2><table>\n");
    for (Figures.Percentile percentile : percentiles) {
      row(percentile.percentage() + " %", Durations.text(percentile.nanos()));
    }
    out.write("</table>\n");
  }

  private void histogram(List<Figures.Bucket> buckets) throws IOException {
    long most = buckets.stream().mapToLong(Figures.Bucket::count).max().orElse(0);
    out.write("<h2>Histogram</h2><table>\n");
    for (Figures.Bucket bucket : buckets) {
      String width = GoNumbers.fixed(most == 0 ? 0 : 100.0 * bucket.count() / most, 1);
      out.write("<tr><td class=\"n\">" + GoNumbers.fixed(bucket.markSeconds() * 1000, 3) + " ms");
      out.write("</td><td class=\"n\">" + bucket.count() + "</td><td style=\"width:24rem\">");
      out.write("<span class=\"bar\" style=\"width:" + width + "%\"></span></td></tr>\n");
    }
    out.write("</table>\n");
  }

  private void counts(String title, String what, Map<String, Long> counts, long all)
      throws IOException {
    if (counts.isEmpty()) {
      return;
    }
    out.write("<h2>" + title + "</h2><table>\n<tr><th>" + what + "</th><th>count</th>");
    out.write("<th>% of all</th></tr>\n");
    for (Map.Entry<String, Long> entry : Ranking.of(counts)) {
      double share = all == 0 ? 0 : 100.0 * entry.getValue() / all;
      out.write("<tr>");
      cells(entry.getKey(), entry.getValue().toString(), GoNumbers.fixed(share, 2));
    }
    out.write("</table>\n");
  }

  private void row(String name, String value) throws IOException {
    out.write("<tr><th>" + name + "</th><td class=\"n\">" + value + "</td></tr>\n");
  }

  /** Ends the row. */
  private void cells(String... texts) throws IOException {
    for (String text : texts) {
      out.write("<td>" + Markup.escaped(text) + "</td>");
    }
    out.write("</tr>\n");
  }
}
