// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import java.util.List;
import java.util.Optional;

/** What Slice, in its form with inputs, leaves of an axis. */
final class Slices {
  private Slices() {}

  /**
   * @param place of the axis among those that the node names
   * @param dim the axis' size before
   */
  static Dim size(OnnxNode node, int place, Dim dim, Facts facts) {
    Dim start = element(node.input(1), place, facts);
    Dim end = element(node.input(2), place, facts);
    Dim step = node.input(4).isEmpty() ? Dim.ONE : element(node.input(4), place, facts);
    if (!step.is(1) || !(start instanceof Dim.Known from)) {
      return facts.fresh();
    }
    if (from.value() == 0 && (end.equals(dim) || end.is(Long.MAX_VALUE))) {
      return dim;
    }
    if (from.value() == 0 && end instanceof Dim.Symbol size && dim instanceof Dim.Known cap) {
      return new Dim.Capped(size, cap.value());
    }
    if (end instanceof Dim.Known to && dim instanceof Dim.Known size) {
      long first = bounded(from.value(), size.value());
      return Dim.of(Math.max(0, bounded(to.value(), size.value()) - first));
    }
    return facts.fresh();
  }

  private static Dim element(String value, int place, Facts facts) {
    Optional<List<Dim>> all = facts.contents(value);
    return all.isPresent() && place < all.get().size() ? all.get().get(place) : facts.fresh();
  }

  /** A place that may count from the end, as a place from 0 to the size. */
  static long bounded(long place, long size) {
    return Math.clamp(place < 0 ? place + size : place, 0, size);
  }
}
