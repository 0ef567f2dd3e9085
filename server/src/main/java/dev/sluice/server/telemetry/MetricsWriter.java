// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;

/**
 * Writes metrics in one of the formats of {@link ScrapeFormat}. Begin a family, then write all of
 * its samples; labels are name, value, name, value. Used by one thread.
 */
interface MetricsWriter extends GaugeSource.Gauges {
  void histogram(String name, String help);

  /** Of a counter or a gauge. */
  void sample(List<String> labels, long value);

  /** Of a counter or a gauge. */
  @Override
  void sample(List<String> labels, double value);

  /** Of a histogram. */
  void sample(List<String> labels, Distribution distribution);

  /** The whole; nothing can be written any more. */
  byte[] end();
}
