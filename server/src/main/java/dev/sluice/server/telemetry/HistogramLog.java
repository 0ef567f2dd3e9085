// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes durations as an HdrHistogram log: a line per model and stage, tagged {@code
 * model:version:variant:stage}, in nanoseconds. Used by one thread.
 */
final class HistogramLog {
  private final HistogramLogWriter writer;

  /** The stream stays the caller's; it is UTF-8, as the logs are plain ASCII. */
  HistogramLog(OutputStream out) {
    this.writer = new HistogramLogWriter(new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  void begin(long startMillis) {
    writer.outputComment("[Sluice stage durations in nanoseconds]");
    writer.outputLogFormatVersion();
    writer.outputStartTime(startMillis);
    writer.setBaseTime(0);
    writer.outputLegend();
  }

  /** Everything since each model was loaded. */
  void whole(TelemetryReading reading) {
    for (MeterReading model : reading.models()) {
      for (Stage stage : Stage.values()) {
        line(model, stage, model.durations().get(stage).total(), reading.whole());
      }
    }
  }

  /** The last whole interval, where there were requests. */
  void lastInterval(TelemetryReading reading) {
    for (MeterReading model : reading.models()) {
      for (Stage stage : Stage.values()) {
        Histogram last = model.durations().get(stage).lastInterval();
        if (last.getTotalCount() > 0) {
          line(model, stage, last, reading.lastInterval());
        }
      }
    }
  }

  private void line(
      MeterReading model, Stage stage, Histogram histogram, TelemetryReading.Span span) {
    histogram.setTag(tag(model.labels(), stage));
    histogram.setStartTimeStamp(span.startMillis());
    histogram.setEndTimeStamp(span.endMillis());
    writer.outputIntervalHistogram(histogram);
  }

  /** A tag has no commas, spaces or line ends. */
  private static String tag(ModelLabels labels, Stage stage) {
    String tag =
        String.join(":", labels.model(), labels.version(), labels.variant(), stage.label());
    return tag.replaceAll("[^A-Za-z0-9._:/-]", "_");
  }
}
