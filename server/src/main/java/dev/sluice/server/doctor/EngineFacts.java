// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import dev.sluice.models.engine.CardReport;
import dev.sluice.models.engine.EngineReport;
import java.util.List;
import java.util.Optional;

/**
 * What the model runtime found.
 *
 * @param cards the GPUs, in words
 * @param noCards why there are none
 */
public record EngineFacts(List<Engine> engines, List<String> cards, Optional<String> noCards) {
  public EngineFacts {
    engines = List.copyOf(engines);
    cards = List.copyOf(cards);
  }

  /** Asks the engines and the driver. PyTorch is named but not loaded: it unpacks 400 MB. */
  public static EngineFacts current() {
    CardReport cards = CardReport.look();
    return new EngineFacts(
        EngineReport.all(false).stream().map(EngineFacts::engine).toList(),
        cards.cards(),
        cards.absent());
  }

  private static Engine engine(EngineReport report) {
    return new Engine(
        report.name(),
        report.version().orElse("of unknown version"),
        report
            .absent()
            .map(why -> "nothing here: " + why)
            .orElse(devices(report) + (report.loaded() ? "" : " (not loaded)")),
        report.problem());
  }

  private static String devices(EngineReport report) {
    return report.providers().isEmpty() ? "nothing" : String.join(", ", report.providers());
  }

  /**
   * One engine.
   *
   * @param version its own, as its native library says
   * @param devices what it can run on, in words
   * @param failure why it cannot be used
   */
  public record Engine(String name, String version, String devices, Optional<String> failure) {}
}
