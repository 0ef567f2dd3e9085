// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;
import java.util.function.LongSupplier;

/** A scrape: everything that the server knows of itself, as text. Safe for use by many threads. */
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

  /**
   * @param openMetrics whether in the format of OpenMetrics 1.0 rather than that of Prometheus
   */
  public String scrape(boolean openMetrics) {
    MetricsText text = new MetricsText(openMetrics);
    TelemetryReading reading = telemetry.read();
    SluiceFamilies.write(text, reading);
    TritonFamilies.write(text, reading);
    more.write(new Into(text));
    ProcessFamilies.write(text, networkBufferBytes);
    text.gauge("sluice_build_info", "Always 1; the label says what runs.");
    text.sample(List.of("version", serverVersion), 1L);
    return text.end();
  }

  private record Into(MetricsText text) implements GaugeSource.Gauges {
    @Override
    public void gauge(String name, String help) {
      text.gauge(name, help);
    }

    @Override
    public void sample(List<String> labels, double value) {
      text.sample(labels, value);
    }
  }
}
