// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Takes what fits, most urgent first, as long as the head makes its deadline. For engines that pad
 * nothing, to which a batch costs its tokens: company of another length is as good as any.
 */
final class PackedSelection implements Selection {
  @Override
  public void select(Window window, Costs costs) {
    boolean lost = !costs.known() || isLate(window, 0, 0, costs);
    for (int i = 1; i < window.size(); i++) {
      if (window.takenRows() == window.limits().maxRows()) {
        return;
      }
      if (window.fits(i)
          && (lost || !isLate(window, window.rows(i), window.totalTokens(i), costs))) {
        window.take(i);
      }
    }
  }

  /** Whether the head is, with so much more in its batch. */
  private static boolean isLate(Window window, int rows, long tokens, Costs costs) {
    long left = window.nanosLeft(0);
    return left != Long.MAX_VALUE
        && costs.nanos(
                (long) window.takenRows() + rows, (double) window.takenPaddedTokens() + tokens)
            > left;
  }
}
