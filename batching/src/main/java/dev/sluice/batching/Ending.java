// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last step of a call: the observer is told, then the caller, each once, and what either throws
 * hurts nobody. Makes nothing, as memory may have run out.
 */
final class Ending {
  private Ending() {}

  /** Of a call that was never admitted. */
  static void refuse(Call<?> call, Completion<?> completion, Failure why, BatchObserver observer) {
    int rows = (int) Math.min(Amount.of(call).rows(), Integer.MAX_VALUE);
    try {
      observer.callRefused(rows, why);
    } catch (Throwable thrown) {
      Uncaught.report(thrown);
    }
    tell(completion, CallTiming.NONE, List.of(), why);
  }

  /**
   * Of a call that was admitted.
   *
   * @param why it was not answered; null if it was, with these results
   */
  static <R> void tell(
      Completion<R> completion,
      BatchObserver observer,
      int rows,
      CallTiming timing,
      List<R> results,
      @Nullable Failure why) {
    try {
      observer.callEnded(rows, timing, why);
    } catch (Throwable thrown) {
      Uncaught.report(thrown);
    }
    tell(completion, timing, results, why);
  }

  private static <R> void tell(
      Completion<R> completion, CallTiming timing, List<R> results, @Nullable Failure why) {
    try {
      if (why == null) {
        completion.succeeded(results, timing);
      } else {
        completion.failed(why, timing);
      }
    } catch (Throwable thrown) {
      Uncaught.report(thrown);
    }
  }
}
