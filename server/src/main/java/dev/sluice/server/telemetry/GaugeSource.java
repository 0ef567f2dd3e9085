// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;

/** Gauges and counters that another part of the server adds to a scrape. */
public interface GaugeSource {
  /** Called for each scrape, on the thread of it. */
  void write(Gauges out);

  /** Takes one family after the other. */
  interface Gauges {
    /** Begins a family; the samples that follow are of it. */
    void gauge(String name, String help);

    /** The same; its name ends in {@code _total}. */
    void counter(String name, String help);

    /**
     * @param labels name, value, name, value
     */
    void sample(List<String> labels, double value);
  }
}
