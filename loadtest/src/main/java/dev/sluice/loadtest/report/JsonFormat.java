// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * ghz's JSON, key for key, without a line end. What ghz does not know is under the one key {@code
 * sluice}, at the end. Details are written as they are read.
 */
final class JsonFormat {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX", Locale.ROOT);
  private static final long SECOND = 1_000_000_000L;

  private JsonFormat() {}

  static void write(Report report, Writer out, boolean indented) throws IOException {
    JsonOut json = new JsonOut(out, indented);
    Figures figures = report.figures();
    json.begin('{').key("date").tree(SECONDS.format(report.date()));
    given(json, "name", report.name());
    given(json, "endReason", report.endReason());
    options(report, json.key("options"));
    json.key("count").tree(figures.count());
    json.key("total").tree(figures.totalNanos());
    json.key("average").tree(figures.averageNanos());
    json.key("fastest").tree(figures.fastestNanos());
    json.key("slowest").tree(figures.slowestNanos());
    json.key("rps").tree(figures.perSecond());
    json.key("errorDistribution").tree(report.errors());
    json.key("statusCodeDistribution").tree(report.statuses());
    percentiles(json, figures);
    buckets(json, figures);
    details(json, report);
    if (!report.tags().isEmpty()) {
      json.key("tags").tree(report.tags());
    }
    if (report.run() != null) {
      json.key("sluice");
      SluiceJson.write(json, report.run(), report.percentiles());
    }
    json.end('}');
  }

  static void options(Report report, JsonOut json) throws IOException {
    json.begin('{');
    for (OptionFields.Field field : OptionFields.of(report.options())) {
      if (field.written()) {
        json.key(field.key()).tree(field.value());
      }
    }
    json.end('}');
  }

  /** As Go's RFC3339Nano: as many decimals as it takes, none for whole seconds. */
  static String timestamp(long epochNanos, ZoneOffset offset) {
    Instant instant =
        Instant.ofEpochSecond(Math.floorDiv(epochNanos, SECOND), Math.floorMod(epochNanos, SECOND));
    OffsetDateTime time = instant.atOffset(offset);
    String seconds = SECONDS.format(time);
    String zone = seconds.substring("2006-01-02T15:04:05".length());
    String fraction = "";
    if (time.getNano() != 0) {
      String nanos = Integer.toString(time.getNano() + (int) SECOND).substring(1);
      fraction = "." + nanos.replaceAll("0+$", "");
    }
    return seconds.substring(0, seconds.length() - zone.length()) + fraction + zone;
  }

  private static void percentiles(JsonOut json, Figures figures) throws IOException {
    json.key("latencyDistribution");
    if (figures.percentiles().isEmpty()) {
      json.tree(null);
      return;
    }
    json.begin('[');
    for (Figures.Percentile percentile : figures.percentiles()) {
      json.begin('{').key("percentage").tree(percentile.percentage());
      json.key("latency").tree(percentile.nanos()).end('}');
    }
    json.end(']');
  }

  private static void buckets(JsonOut json, Figures figures) throws IOException {
    json.key("histogram");
    if (figures.buckets().isEmpty()) {
      json.tree(null);
      return;
    }
    json.begin('[');
    for (Figures.Bucket bucket : figures.buckets()) {
      json.begin('{').key("mark").tree(bucket.markSeconds()).key("count").tree(bucket.count());
      json.key("frequency").tree(bucket.frequency()).end('}');
    }
    json.end(']');
  }

  private static void details(JsonOut json, Report report) throws IOException {
    json.key("details");
    if (report.details() == null) {
      json.tree(null);
      return;
    }
    ZoneOffset offset = report.date().getOffset();
    json.begin('[');
    report
        .details()
        .forEach(
            detail -> {
              String time = timestamp(detail.completedEpochNanos(), offset);
              json.begin('{').key("timestamp").tree(time);
              json.key("latency").tree(report.latency(detail));
              json.key("error").tree(detail.error());
              json.key("status").tree(detail.status()).end('}');
            });
    json.end(']');
  }

  private static void given(JsonOut json, String key, String text) throws IOException {
    if (!text.isEmpty()) {
      json.key(key).tree(text);
    }
  }
}
