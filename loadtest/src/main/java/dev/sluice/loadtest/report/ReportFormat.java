// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The formats of {@code --format}. None of them closes what it writes to. */
public enum ReportFormat {
  SUMMARY("summary", SummaryFormat::write),
  CSV("csv", CsvFormat::write),
  JSON("json", (report, out) -> JsonFormat.write(report, out, false)),
  PRETTY("pretty", (report, out) -> JsonFormat.write(report, out, true)),
  HTML("html", HtmlFormat::write),
  INFLUX_SUMMARY("influx-summary", InfluxFormat::summary),
  INFLUX_DETAILS("influx-details", InfluxFormat::details),
  PROMETHEUS("prometheus", PrometheusFormat::write);

  private final String word;
  private final Format format;

  ReportFormat(String word, Format format) {
    this.word = word;
    this.format = format;
  }

  /**
   * @throws ReportException if there is no such format; the message names those that are
   */
  public static ReportFormat named(String word) {
    for (ReportFormat format : values()) {
      if (format.word.equals(word)) {
        return format;
      }
    }
    throw new ReportException(
        "--format: '"
            + word
            + "' is none of "
            + Arrays.stream(values()).map(format -> format.word).collect(Collectors.joining(", ")));
  }

  public void write(Report report, Writer out) throws IOException {
    format.write(report, out);
    out.flush();
  }

  private interface Format {
    void write(Report report, Writer out) throws IOException;
  }
}
