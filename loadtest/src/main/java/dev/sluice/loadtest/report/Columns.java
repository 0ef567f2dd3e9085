// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The percentiles that were asked for, from each point of view: from when calls were due, from when
 * they were sent, and the server's own where it told.
 *
 * @param views by the key that JSON has for each; in nanoseconds
 */
record Columns(List<Double> percentiles, Map<String, Histogram> views) {
  static final String RESPONSE = "responseTime";
  static final String SERVICE = "serviceTime";
  static final String SERVER = "server";

  /** Without those that have nothing. */
  static Columns of(RunResult run, List<Double> percentiles) {
    Map<String, Histogram> views = new LinkedHashMap<>();
    views.put(RESPONSE, run.latencies().response());
    views.put(SERVICE, run.latencies().service());
    run.server().durations().ifPresent(durations -> views.put(SERVER, durations));
    views.values().removeIf(view -> view.getTotalCount() == 0);
    return new Columns(percentiles, views);
  }

  /** As a heading has it. */
  static String title(String view) {
    return switch (view) {
      case RESPONSE -> "from the intended start";
      case SERVICE -> "from the send";
      default -> "the server's own";
    };
  }

  boolean isEmpty() {
    return percentiles.isEmpty() || views.isEmpty();
  }
}
