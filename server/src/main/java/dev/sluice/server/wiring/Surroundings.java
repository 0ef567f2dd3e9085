// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Timer;
import dev.sluice.models.serving.ModelLoader;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where a server takes its time from, and what stands between it and its models: tests bring their
 * own.
 *
 * @param clock that of requests
 * @param timer of the batchers, on the same clock; empty for the server's own
 * @param sloClock that of the windows of objectives
 * @param models makes the loader that is used, of the one that loads
 */
public record Surroundings(
    NanoClock clock, Optional<Timer> timer, NanoClock sloClock, UnaryOperator<ModelLoader> models) {
  public static final Surroundings REAL =
      new Surroundings(
          System::nanoTime, Optional.empty(), System::nanoTime, UnaryOperator.identity());

  /** With a clock of their own for the windows of objectives. */
  public Surroundings withSloClock(NanoClock other) {
    return new Surroundings(clock, timer, other, models);
  }
}
