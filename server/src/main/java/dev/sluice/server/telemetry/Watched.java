// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import dev.sluice.batching.Batcher;

/** Whom to ask what waits, what runs, and what could run. Safe for any number of threads. */
@FunctionalInterface
public interface Watched {
  Batcher.Load load();

  default Lanes lanes() {
    return new Lanes(0, 0);
  }

  /**
   * @param fit those that take batches
   * @param out those that failed to check themselves and are tried again later
   */
  record Lanes(int fit, int out) {}
}
