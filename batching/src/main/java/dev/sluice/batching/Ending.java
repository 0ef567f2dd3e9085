// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;

/**
 * The end of a call, to be told outside of the lock, once.
 *
 * @param sequence which of the admitted calls it was
 */
record Ending<R>(
    Completion<R> completion, long sequence, int rows, CallTiming timing, Outcome<R> outcome) {
  sealed interface Outcome<R> {}

  record Answered<R>(List<R> results) implements Outcome<R> {}

  record Failed<R>(Failure failure) implements Outcome<R> {}

  /** Ends a call that was never admitted. */
  static void refuse(Call<?> call, Completion<?> completion, Failure why, BatchObserver observer) {
    int rows = (int) Math.min(Amount.of(call).rows(), Integer.MAX_VALUE);
    Uncaught.guard(() -> observer.callRefused(rows, why));
    Uncaught.guard(() -> completion.failed(why, CallTiming.NONE));
  }

  /** Tells the observer, then the caller; what either throws stays here. */
  void deliver(BatchObserver observer) {
    switch (outcome) {
      case Answered<R>(List<R> results) -> {
        Uncaught.guard(() -> observer.callEnded(rows, timing, null));
        Uncaught.guard(() -> completion.succeeded(results, timing));
      }
      case Failed<R>(Failure failure) -> {
        Uncaught.guard(() -> observer.callEnded(rows, timing, failure));
        Uncaught.guard(() -> completion.failed(failure, timing));
      }
    }
  }
}
