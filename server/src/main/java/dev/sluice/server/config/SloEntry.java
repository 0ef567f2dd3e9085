// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import dev.sluice.server.slo.Objective;
import java.util.List;

/**
 * The objectives of one model, or of all that have none of their own, and where they are written.
 *
 * @param lines one for each objective; none takes the model out of those for all
 */
public record SloEntry(String model, List<Line> lines, Source source) {
  public SloEntry {
    lines = List.copyOf(lines);
  }

  /** One objective. */
  public record Line(Objective objective, Source source) {
    /** As it would stand in a file, with what was left to a default. */
    String text() {
      return "{name: %s, %s, window: %s, min-requests: %d}"
          .formatted(
              Messages.yamlQuote(objective.name()),
              promise(),
              Quantities.printDuration(objective.window()),
              objective.minRequests());
    }

    private String promise() {
      String percent = objective.target().percent();
      return switch (objective) {
        case Objective.Latency latency ->
            "percentile: " + percent + ", under: " + Quantities.printDuration(latency.under());
        case Objective.Availability ignored -> "availability: " + percent;
      };
    }
  }
}
