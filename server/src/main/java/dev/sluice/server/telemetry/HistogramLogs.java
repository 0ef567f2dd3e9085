// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The durations as HdrHistogram logs: on request, and one interval after the other to a file. */
public final class HistogramLogs {
  private final Telemetry telemetry;

  public HistogramLogs(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /** A log of everything since each model was loaded, or of the last whole interval. */
  public String text(boolean lastInterval) {
    TelemetryReading reading = telemetry.read();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HistogramLog log = new HistogramLog(out);
    log.begin(reading.whole().startMillis());
    if (lastInterval) {
      log.lastInterval(reading);
    } else {
      log.whole(reading);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * Adds the last whole interval to the file; begins the file if it is new or empty. Called by one
   * thread, after each {@link Telemetry#turn}.
   */
  public void append(Path file) throws IOException {
    TelemetryReading reading = telemetry.read();
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    HistogramLog log = new HistogramLog(lines);
    if (Files.notExists(file) || Files.size(file) == 0) {
      log.begin(reading.lastInterval().startMillis());
    }
    log.lastInterval(reading);
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      lines.writeTo(out);
    }
  }
}
