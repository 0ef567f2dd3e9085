// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** Takes what fits, most urgent first. For models to which length makes no difference. */
public final class FirstFit implements Selection {
  @Override
  public void select(Window window, Costs costs) {
    for (int i = 1; i < window.size(); i++) {
      if (window.takenRows() == window.limits().maxRows()) {
        return;
      }
      if (window.fits(i)) {
        window.take(i);
      }
    }
  }
}
