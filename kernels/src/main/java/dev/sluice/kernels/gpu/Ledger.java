// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the driver has given out on one card. Its lock guards the set and is not held while anything
 * is released.
 */
final class Ledger {
  private final Set<Owned> open = new LinkedHashSet<>();

  synchronized void add(Owned owned) {
    open.add(owned);
  }

  synchronized void remove(Owned owned) {
    open.remove(owned);
  }

  /** The youngest first. All are tried; then the first failure is thrown with the others. */
  void closeAll() {
    RuntimeException failure = null;
    for (Owned owned : all().reversed()) {
      failure = close(owned, failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable RuntimeException close(Owned owned, @Nullable RuntimeException earlier) {
    try {
      owned.close();
      return earlier;
    } catch (RuntimeException e) {
      if (earlier == null) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }

  private synchronized List<Owned> all() {
    return new ArrayList<>(open);
  }
}
