// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;

/** The endings that one step brought about; most steps bring none, and then make no garbage. */
final class Endings<R> {
  private List<Ending<R>> all = List.of();

  void add(Ending<R> ending) {
    if (all.isEmpty()) {
      all = new ArrayList<>();
    }
    all.add(ending);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<Ending<R>> all() {
    return all;
  }
}
