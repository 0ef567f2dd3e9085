// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.List;

/**
 * What a server had counted when it was read.
 *
 * @param models in the order of their labels
 * @param refusals of requests that reached no model
 * @param limitHits of limits that are not one model's
 * @param whole since the server started
 * @param lastInterval what the last percentiles are over
 */
public record TelemetryReading(
    List<MeterReading> models,
    PerConstant<Outcome, Long> refusals,
    PerConstant<Limit, Long> limitHits,
    Span whole,
    Span lastInterval) {

  /** In milliseconds since the epoch. */
  public record Span(long startMillis, long endMillis) {}
}
