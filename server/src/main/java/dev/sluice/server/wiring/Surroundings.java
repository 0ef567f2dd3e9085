// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Timer;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.serving.ModelLoader;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where a server takes its time from, and what stands between it and its models: tests bring their
 * own.
 *
 * @param clock that of requests
 * @param timer of the batchers, on the same clock; empty for the server's own
 * @param judgeClock that objectives and brownouts go by
 * @param models makes the loader that is used, of the one that loads
 * @param maker of variants; empty for the server's own
 */
public record Surroundings(
    NanoClock clock,
    Optional<Timer> timer,
    NanoClock judgeClock,
    UnaryOperator<ModelLoader> models,
    Optional<VariantMaker> maker) {
  public static final Surroundings REAL =
      new Surroundings(
          System::nanoTime,
          Optional.empty(),
          System::nanoTime,
          UnaryOperator.identity(),
          Optional.empty());

  /** With another clock for objectives and brownouts. */
  public Surroundings judgedBy(NanoClock other) {
    return new Surroundings(clock, timer, other, models, maker);
  }

  /** With somebody else to make variants. */
  public Surroundings with(VariantMaker other) {
    return new Surroundings(clock, timer, judgeClock, models, Optional.of(other));
  }
}
