// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.ReportedOptions;
import dev.sluice.loadtest.result.Schedule;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * InfluxDB's line protocol with ghz's measurements, tags and fields. Quotes are part of tag values,
 * as in ghz; a line end within a value is a space, or it would end the line.
 */
final class InfluxFormat {
  private static final double SECOND = 1e9;

  private InfluxFormat() {}

  static void summary(Report report, Writer out) throws IOException {
    Figures figures = report.figures();
    long errors = report.failed();
    out.write("ghz_run," + tags(report) + ",errors=" + errors + ",has_errors=" + (errors > 0));
    out.write(" count=" + figures.count() + ",total=" + figures.totalNanos());
    out.write(",average=" + figures.averageNanos() + ",fastest=" + figures.fastestNanos());
    out.write(",slowest=" + figures.slowestNanos());
    out.write(",rps=" + GoNumbers.fixed(figures.perSecond(), 2));
    for (Figures.Percentile percentile : figures.percentiles()) {
      if (percentile.percentage() == 50) {
        out.write(",median=" + percentile.nanos());
      } else if (percentile.percentage() == 95) {
        out.write(",p95=" + percentile.nanos());
      }
    }
    long time = report.date().toEpochSecond() * 1_000_000_000L + report.date().getNano();
    out.write(",errors=" + errors + " " + Math.max(0, time));
    if (report.run() != null) {
      own(report, Columns.of(report.run(), report.percentiles()), time, out);
    }
  }

  /** A second line, of a measurement of our own, where ghz ends: its own has the fields it has. */
  private static void own(Report report, Columns columns, long time, Writer out)
      throws IOException {
    List<String> fields = new ArrayList<>();
    columns
        .views()
        .forEach(
            (view, histogram) -> {
              for (double percentile : columns.percentiles()) {
                String name = view + "_p" + GoNumbers.value(percentile);
                fields.add(name + "=" + histogram.getValueAtPercentile(percentile));
              }
            });
    if (!fields.isEmpty()) {
      out.write("\nsluice_run," + tags(report) + " " + String.join(",", fields));
      out.write(" " + Math.max(0, time));
    }
  }

  static void details(Report report, Writer out) throws IOException {
    if (report.details() == null) {
      return;
    }
    String tags = tags(report);
    report
        .details()
        .forEach(
            detail -> {
              out.write("ghz_detail," + tags + ",hasError=" + !detail.ok());
              out.write(" latency=" + report.latency(detail));
              out.write(",error=\"" + escaped(field(detail.error())) + "\"");
              out.write(",status=\"" + detail.status() + "\"");
              out.write(" " + detail.completedEpochNanos() + "\n");
            });
  }

  private static String tags(Report report) {
    ReportedOptions options = report.options();
    ReportedOptions.Target target = options.target();
    List<String> tags = new ArrayList<>();
    if (!report.name().isEmpty()) {
      tags.add("name=\"" + escaped(report.name().strip()) + "\"");
    }
    if (!target.proto().isEmpty()) {
      tags.add("proto=\"" + escaped(target.proto()) + "\"");
    } else if (!target.protoset().isEmpty()) {
      tags.add("Protoset=\"" + escaped(target.protoset()) + "\"");
    }
    tags.add("call=\"" + escaped(target.call()) + "\"");
    tags.add("host=\"" + escaped(target.host()) + "\"");
    tags.add("n=" + options.load().total());
    ReportedOptions.Load load = options.load();
    schedule(tags, "c", load.concurrency(), "concurrency", load.concurrencySchedule());
    schedule(tags, "rps", load.rps(), "load", load.schedule());
    tags.add("z=" + options.limits().durationNanos());
    tags.add("timeout=" + seconds(options.limits().timeoutNanos()));
    tags.add("dial_timeout=" + seconds(options.limits().connectTimeoutNanos()));
    tags.add("keepalive=" + seconds(options.limits().keepaliveNanos()));
    tags.add("data=" + jsonInJson(options.payload().data()));
    Map<String, String> metadata = options.payload().metadata();
    tags.add("metadata=" + (metadata == null ? "\"\"" : jsonInJson(metadata)));
    tags.add("tags=" + (report.tags().isEmpty() ? "\"\"" : jsonInJson(report.tags())));
    return String.join(",", tags);
  }

  private static void schedule(
      List<String> tags, String constant, long value, String prefix, Schedule schedule) {
    if (schedule.isConst()) {
      tags.add(constant + "=" + value);
      return;
    }
    tags.add(prefix + "-schedule=" + escaped(schedule.kind()));
    tags.add(prefix + "-start=" + schedule.start());
    tags.add(prefix + "-end=" + schedule.end());
    tags.add(prefix + "-step=" + schedule.step());
    tags.add(prefix + "-step-duration=" + GoNumbers.duration(schedule.stepNanos()));
    tags.add(prefix + "-max-duration=" + GoNumbers.duration(schedule.maxNanos()));
  }

  private static String seconds(long nanos) {
    return GoNumbers.value(nanos / SECOND);
  }

  private static String jsonInJson(@Nullable Object tree) {
    return escaped(JsonOut.line(JsonOut.line(tree)));
  }

  /** A quote or a backslash in a field's text has to be escaped, which ghz forgets. */
  private static String field(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String escaped(String text) {
    return text.replaceAll("[\\r\\n]", " ")
        .replace(" ", "\\ ")
        .replace(",", "\\,")
        .replace("=", "\\=");
  }
}
