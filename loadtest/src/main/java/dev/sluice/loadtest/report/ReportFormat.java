// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The formats of {@code --format}. None of them closes what it writes to. */
public enum ReportFormat {
  SUMMARY("summary"),
  CSV("csv"),
  JSON("json"),
  PRETTY("pretty"),
  HTML("html"),
  INFLUX_SUMMARY("influx-summary"),
  INFLUX_DETAILS("influx-details"),
  PROMETHEUS("prometheus");

  private final String word;

  ReportFormat(String word) {
    this.word = word;
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
    switch (this) {
      case SUMMARY -> SummaryFormat.write(report, out);
      case CSV -> CsvFormat.write(report, out);
      case JSON -> JsonFormat.write(report, out, false);
      case PRETTY -> JsonFormat.write(report, out, true);
      case HTML -> HtmlFormat.write(report, out);
      case INFLUX_SUMMARY -> InfluxFormat.summary(report, out);
      case INFLUX_DETAILS -> InfluxFormat.details(report, out);
      case PROMETHEUS -> PrometheusFormat.write(report, out);
    }
    out.flush();
  }
}
