// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import org.jspecify.annotations.Nullable;

/**
 * The calls that one step has ended, linked through themselves: nothing is made that could fail, so
 * none that has ended is forgotten. And what went wrong beside, which must not undo the step.
 *
 * <p>Owned by the thread that takes the step.
 */
final class Endings<T, R> {
  private @Nullable PendingCall<T, R> first;
  private @Nullable PendingCall<T, R> last;
  private @Nullable Throwable fault;

  /** The call has ended; every call at most once. */
  void add(PendingCall<T, R> call) {
    if (last == null) {
      first = call;
    } else {
      last.endedNext = call;
    }
    last = call;
  }

  boolean isEmpty() {
    return first == null;
  }

  /** The first of those that have not been taken; null when there is none. */
  @Nullable PendingCall<T, R> take() {
    PendingCall<T, R> taken = first;
    if (taken != null) {
      first = taken.endedNext;
      taken.endedNext = null;
    }
    return taken;
  }

  /** This went wrong; of several, one is enough to be told. */
  void blame(Throwable thrown) {
    fault = thrown;
  }

  @Nullable Throwable fault() {
    return fault;
  }
}
