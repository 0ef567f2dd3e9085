// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Holds endings back until all calls that came before have ended, so that answers leave in the
 * order in which calls came in. One thread at a time takes what has come in turn; the others leave
 * theirs with it. Guarded by the lock of its {@link BatchCore}.
 */
final class OrderedDelivery<R> {
  private final Map<Long, Ending<R>> early = new HashMap<>();
  private final Queue<Ending<R>> ready = new ArrayDeque<>();
  private long nextSequence;
  private boolean taken;

  void add(List<Ending<R>> endings) {
    for (Ending<R> ending : endings) {
      early.put(ending.sequence(), ending);
    }
    for (Ending<R> next = early.remove(nextSequence);
        next != null;
        next = early.remove(nextSequence)) {
      ready.add(next);
      nextSequence++;
    }
  }

  /** The next ending to tell; null when there is none or another thread is telling. */
  @Nullable Ending<R> take() {
    if (taken || ready.isEmpty()) {
      return null;
    }
    taken = true;
    return ready.remove();
  }

  int entries() {
    return early.size() + ready.size();
  }

  /** The ending that was taken has been told. */
  void told() {
    taken = false;
  }
}
