// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.BatchRunner;
import dev.sluice.batching.Batcher;
import java.util.List;

/** Makes a batcher with one lane per runner; the wiring knows clock, timer and threads. */
public interface Batchers {
  /**
   * Takes over the runners, unless it throws.
   *
   * @throws IllegalArgumentException saying why nothing could be run by this plan, and what would
   *     work
   */
  <T, R> Batcher<T, R> create(
      String model,
      List<? extends BatchRunner<T, R>> runners,
      BatcherPlan plan,
      BatchObserver observer);
}
