// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What MLPerf's scenarios set where nothing else is said: how calls arrive, how long, and how many
 * samples one has.
 */
final class Scenario {
  private static final String LENGTH = "600s";
  private static final Map<String, Map<String, String>> PRESETS =
      Map.of(
          "single", Map.of("concurrency", "1", "duration", LENGTH),
          "multi", Map.of("concurrency", "1", "duration", LENGTH, "inputs", "8"),
          "server", Map.of("arrival", "poisson", "async", "true", "duration", LENGTH),
          "offline", Map.of("async", "true", "total", "24576"));

  private Scenario() {}

  static @Nullable String preset(String scenario, String flag) {
    return PRESETS.getOrDefault(scenario, Map.of()).get(flag);
  }

  /** What a scenario is not, whoever says it. */
  static String problem(Options options) {
    Load load = options.load();
    boolean rate = load.rps() > 0 || load.rate().shape() != Schedule.Shape.CONST;
    boolean search = options.truth().findMaxRps().isPresent();
    return switch (options.truth().scenario()) {
      case "single", "multi" ->
          rate || search || load.concurrency() != 1 || load.async()
              ? "has one call at a time: no rate, and a concurrency of 1"
              : "";
      case "server" ->
          !rate && !search
              ? "needs a rate: --rps or --find-max-rps"
              : options.truth().slo().isEmpty() ? "needs a threshold: --slo 'p(99)<...'" : "";
      case "offline" -> rate || search || !load.async() ? "sends all calls at once: no rate" : "";
      default -> "";
    };
  }
}
