// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Reshape makes of a shape and a wish. Pure functions. */
final class Reshapes {
  private Reshapes() {}

  /**
   * @param input empty when it is not known
   * @param wanted the second input: 0 copies the input's size at that place, -1 takes what is left
   */
  static Optional<List<Dim>> result(Optional<List<Dim>> input, List<Dim> wanted, Facts facts) {
    List<Dim> dims = new ArrayList<>(wanted);
    int rest = -1;
    for (int axis = 0; axis < dims.size(); axis++) {
      if (dims.get(axis).is(0)) {
        if (input.isEmpty() || axis >= input.get().size()) {
          return Optional.empty();
        }
        dims.set(axis, input.get().get(axis));
      } else if (dims.get(axis).is(-1)) {
        if (rest >= 0) {
          return Optional.empty();
        }
        rest = axis;
      }
    }
    if (rest >= 0) {
      List<Dim> others = new ArrayList<>(dims);
      others.remove(rest);
      dims.set(rest, input.flatMap(all -> rest(all, others)).orElseGet(facts::fresh));
    }
    return Optional.of(dims);
  }

  /** All elements divided by those of the other axes, if it comes out as one size. */
  private static Optional<Dim> rest(List<Dim> all, List<Dim> others) {
    List<Dim> left = new ArrayList<>(all);
    long over = 1;
    for (Dim other : others) {
      if (other instanceof Dim.Known known) {
        over *= known.value();
      } else if (!left.remove(other)) {
        return Optional.empty();
      }
    }
    long known = 1;
    Optional<Dim> open = Optional.empty();
    for (Dim dim : left) {
      if (dim instanceof Dim.Known size) {
        known *= size.value();
      } else if (open.isPresent()) {
        return Optional.empty();
      } else {
        open = Optional.of(dim);
      }
    }
    if (over <= 0 || known <= 0 || known % over != 0) {
      return Optional.empty();
    }
    if (open.isEmpty()) {
      return Optional.of(Dim.of(known / over));
    }
    return known == over ? open : Optional.empty();
  }

  /**
   * The same wish in plain numbers: sizes that the input has at the same place are copied, and one
   * more may be what is left. Empty when that does not suffice.
   */
  static Optional<long[]> plain(List<Dim> input, List<Dim> wanted) {
    long[] plain = new long[wanted.size()];
    boolean rest = wanted.stream().anyMatch(dim -> dim.is(-1));
    for (int axis = 0; axis < plain.length; axis++) {
      if (wanted.get(axis) instanceof Dim.Known known) {
        plain[axis] = known.value();
      } else if (axis >= input.size() || !wanted.get(axis).equals(input.get(axis))) {
        if (rest) {
          return Optional.empty();
        }
        rest = true;
        plain[axis] = -1;
      }
    }
    return Optional.of(plain);
  }
}
