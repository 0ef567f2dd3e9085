// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Item;

/** An item of a call in a {@link ProofWorld}, and what has become of it. */
final class Probe {
  enum Phase {
    WAITING,
    RUNNING,
    /** In a part that failed together; to be run apart. */
    SUSPECT,
    DONE
  }

  final TrackedCall call;
  final boolean bad;
  Phase phase = Phase.WAITING;
  Item<Probe> item;

  Probe(TrackedCall call, boolean bad, int rows, int tokens, long bytes, Object shapeKey) {
    this.call = call;
    this.bad = bad;
    this.item = new Item<>(this, rows, tokens, bytes, shapeKey);
  }
}
