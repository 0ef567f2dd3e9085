// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.BatchRunner;
import dev.sluice.batching.Batcher;
import dev.sluice.batching.DynamicBatcher;
import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Timer;
import dev.sluice.server.core.BatcherPlan;
import dev.sluice.server.core.Batchers;
import java.util.List;

/** Batchers with real lanes: a thread each, named after their model. */
record LaneBatchers(NanoClock clock, Timer timer) implements Batchers {
  @Override
  public <T, R> Batcher<T, R> create(
      String model,
      List<? extends BatchRunner<T, R>> runners,
      BatcherPlan plan,
      BatchObserver observer) {
    DynamicBatcher.Builder<T, R> batcher =
        DynamicBatcher.<T, R>builder(runners, clock, timer)
            .batchLimits(plan.batch())
            .queueLimits(plan.queue())
            .tenants(plan.tenants())
            .observer(observer)
            .threadFactory(Threads.named("lane-" + model));
    plan.targetWait().ifPresent(batcher::targetWait);
    plan.largest().ifPresent(batcher::largestItem);
    if (plan.keepOrder()) {
      batcher.keepOrder();
    }
    return batcher.build();
  }
}
