// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/** An order in which to look at waiting items. Good until something changes. */
interface ItemOrder<T, R> {
  /** The next item; null when there is none. */
  @Nullable BatchItem<T, R> next();

  /** A number that is the same for items of which one may stand for another. */
  int rank();
}
