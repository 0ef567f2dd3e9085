// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import dev.sluice.server.slo.SloReport;
import dev.sluice.server.telemetry.Exposition;
import dev.sluice.server.telemetry.HistogramLogs;
import dev.sluice.server.telemetry.Telemetry;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the admin port shows. Everything here is called on its one event loop and must not block.
 *
 * @param lost why this process must be started again; empty if it need not
 * @param models what is known of each model version: a tree for {@link
 *     dev.sluice.server.logging.Json}
 * @param telemetry counts limits that are hit
 */
public record AdminParts(
    Exposition metrics,
    HistogramLogs histograms,
    Supplier<SloReport> slos,
    Supplier<Optional<String>> lost,
    BooleanSupplier ready,
    Supplier<Object> models,
    LevelControl logLevel,
    Telemetry telemetry) {

  /** How much the server logs. */
  public interface LevelControl {
    /** In lower case. */
    String level();

    /** False if there is no such level; then nothing has changed. */
    boolean set(String level);
  }
}
