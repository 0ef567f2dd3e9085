// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Batcher;
import dev.sluice.server.telemetry.Watched;

/** A deployment's batcher, as the metrics see it. */
record WatchedBatcher(Batcher<?, ?> batcher, int count) implements Watched {
  @Override
  public Batcher.Load load() {
    return batcher.load();
  }

  @Override
  public Lanes lanes() {
    int fit = Math.min(count, batcher.fitLanes());
    return new Lanes(fit, count - fit);
  }
}
