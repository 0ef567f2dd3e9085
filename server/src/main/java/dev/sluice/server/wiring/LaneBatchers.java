// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.BatchLimits;
import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.BatchRunner;
import dev.sluice.batching.Batcher;
import dev.sluice.batching.DynamicBatcher;
import dev.sluice.batching.NanoClock;
import dev.sluice.batching.QueueLimits;
import dev.sluice.batching.Timer;
import dev.sluice.server.core.Batchers;
import java.util.List;

/** Batchers with real lanes: a thread each, named after their model. */
record LaneBatchers(NanoClock clock, Timer timer) implements Batchers {
  @Override
  public <T, R> Batcher<T, R> create(
      String model,
      List<? extends BatchRunner<T, R>> runners,
      BatchLimits batch,
      QueueLimits queue,
      BatchObserver observer) {
    return DynamicBatcher.<T, R>builder(runners, clock, timer)
        .batchLimits(batch)
        .queueLimits(queue)
        .observer(observer)
        .threadFactory(Threads.named("lane-" + model))
        .build();
  }
}
