// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The items that one batch is chosen from, the head first: which they are, and in a {@link Window}
 * what they cost. Kept from batch to batch, so that looking at an item makes no garbage.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Candidates<T, R> {
  private final List<PendingCall<T, R>> calls = new ArrayList<>();
  private int[] indexes = new int[64];

  final Window window;

  Candidates(BatchLimits limits) {
    this.window = new Window(limits);
  }

  void clear() {
    calls.clear();
    window.clear();
  }

  int size() {
    return calls.size();
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  void add(PendingCall<T, R> call, int index, long nanosLeft) {
    int place = calls.size();
    if (place == indexes.length) {
      indexes = Arrays.copyOf(indexes, 2 * place);
    }
    calls.add(call);
    indexes[place] = index;
    window.add(call.item(index), nanosLeft);
  }

  /** Whether the item may share a batch with the head. */
  boolean isLikeHead(Item<T> item) {
    return isEmpty() || Objects.equals(item(0).shapeKey(), item.shapeKey());
  }

  /** Those that were taken, most urgent first. */
  List<BatchItem<T, R>> taken() {
    List<BatchItem<T, R>> taken = new ArrayList<>(window.taken().items());
    for (int i = 0; i < size(); i++) {
      if (window.isTaken(i)) {
        taken.add(new BatchItem<>(calls.get(i), indexes[i], item(i)));
      }
    }
    return taken;
  }

  private Item<T> item(int place) {
    return calls.get(place).item(indexes[place]);
  }
}
