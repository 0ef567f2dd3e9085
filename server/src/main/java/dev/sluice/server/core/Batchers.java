// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchLimits;
import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.BatchRunner;
import dev.sluice.batching.Batcher;
import dev.sluice.batching.QueueLimits;
import java.util.List;

/** Makes a batcher with one lane per runner; the wiring knows clock, timer and threads. */
public interface Batchers {
  <T, R> Batcher<T, R> create(
      String model,
      List<? extends BatchRunner<T, R>> runners,
      BatchLimits batch,
      QueueLimits queue,
      BatchObserver observer);
}
