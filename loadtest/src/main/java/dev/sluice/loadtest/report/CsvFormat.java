// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.Writer;

/** ghz's table of calls; an error with a comma, a quote or a line end is quoted, as ghz forgets. */
final class CsvFormat {
  private CsvFormat() {}

  static void write(Report report, Writer out) throws IOException {
    out.write("\nduration (ms),status,error");
    if (report.details() != null) {
      report
          .details()
          .forEach(
              detail -> {
                String millis = Durations.millis(report.latency(detail));
                out.write("\n" + millis + "," + cell(detail.status()) + "," + cell(detail.error()));
              });
    }
    out.write("\n");
  }

  private static String cell(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
