// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.NanoClock;

/** A clock that stands until it is moved. */
final class Moment implements NanoClock {
  long now;

  Moment(long now) {
    this.now = now;
  }

  @Override
  public long nanoTime() {
    return now;
  }
}
