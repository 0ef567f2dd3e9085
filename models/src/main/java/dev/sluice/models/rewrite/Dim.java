// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import java.util.Optional;

/**
 * A whole number of which something is known before the graph runs: the size of an axis, or an
 * element of a tensor that holds such sizes. Equal ones are equal in every run that succeeds.
 */
sealed interface Dim {

  /** This very number. */
  record Known(long value) implements Dim {}

  /** A size that every run chooses; not negative. */
  record Symbol(String name) implements Dim {}

  /** A size that every run chooses, but at most the cap, as a slice of a table is. */
  record Capped(Symbol size, long cap) implements Dim {}

  Dim ONE = new Known(1);

  static Dim of(long value) {
    return new Known(value);
  }

  default boolean is(long value) {
    return this instanceof Known known && known.value() == value;
  }

  /** The size of an axis that two tensors share, one of which may be stretched over the other. */
  static Optional<Dim> broadcast(Dim a, Dim b) {
    if (a.equals(b) || b.is(1)) {
      return Optional.of(a);
    }
    if (a.is(1)) {
      return Optional.of(b);
    }
    if (a instanceof Known) {
      return Optional.of(a);
    }
    if (b instanceof Known) {
      return Optional.of(b);
    }
    if (a instanceof Capped capped && fits(capped, b)) {
      return Optional.of(b);
    }
    return b instanceof Capped capped && fits(capped, a) ? Optional.of(a) : Optional.empty();
  }

  /** Whether one is as large as the other in every run in which the two are added. */
  static boolean same(Dim a, Dim b) {
    return a.equals(b)
        || a instanceof Capped x && fits(x, b)
        || b instanceof Capped y && fits(y, a);
  }

  /** Where the size is over the cap, the run fails; a cap of 1 would be stretched instead. */
  private static boolean fits(Capped capped, Dim size) {
    return capped.size().equals(size) && capped.cap() > 1;
  }
}
