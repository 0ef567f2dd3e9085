// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * A scrape: everything that the server knows of itself, in one of the formats. Safe for use by many
 * threads.
 */
public final class Exposition {
  private final Telemetry telemetry;
  private final GaugeSource more;
  private final LongSupplier networkBufferBytes;
  private final String serverVersion;

  /**
   * @param more what other parts have to show
   * @param networkBufferBytes what the transports hold outside of the heap
   */
  public Exposition(
      Telemetry telemetry,
      GaugeSource more,
      LongSupplier networkBufferBytes,
      String serverVersion) {
    this.telemetry = telemetry;
    this.more = more;
    this.networkBufferBytes = networkBufferBytes;
    this.serverVersion = serverVersion;
  }

  public byte[] scrape(ScrapeFormat format) {
    MetricsWriter metrics = format.writer();
    TelemetryReading reading = telemetry.read();
    SluiceFamilies.write(metrics, reading);
    TritonFamilies.write(metrics, reading);
    more.write(metrics);
    ProcessFamilies.write(metrics, networkBufferBytes);
    metrics.gauge("sluice_build_info", "Always 1; the label says what runs.");
    metrics.sample(List.of("version", serverVersion), 1L);
    return metrics.end();
  }
}
