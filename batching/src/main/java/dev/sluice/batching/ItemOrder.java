// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/** A walk over waiting items in some order. Good until something changes. */
interface ItemOrder<T, R> {
  /** Goes to the next item and returns its call; null when there is none. */
  @Nullable PendingCall<T, R> next();

  /** Which item of that call it is. */
  int index();

  /** A number that is the same for items of which one may stand for another. */
  int rank();
}
