// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.spec.FidelityBudget;
import java.util.Locale;

/** What was measured of a variant, in words. */
final class FidelityText {
  private FidelityText() {}

  static String of(Fidelity fidelity) {
    return String.format(
        Locale.ROOT,
        "cosine %.4f on the mean and %.4f at p1, %.1f times as fast",
        fidelity.cosineMean(),
        fidelity.cosineP1(),
        fidelity.speedRatio());
  }

  /** Why a variant that is as near as that is refused. */
  static String missed(Fidelity fidelity, FidelityBudget budget) {
    return String.format(
        Locale.ROOT,
        "its cosine to the model's own answers is %.4f on the mean and %.4f at p1, its budget asks"
            + " for %s and %s; it is served only if the configuration lists it in"
            + " variants.served_below_budget",
        fidelity.cosineMean(),
        fidelity.cosineP1(),
        budget.cosineMean(),
        budget.cosineP1());
  }

  /** What is not a number is within no budget. */
  static boolean within(Fidelity fidelity, FidelityBudget budget) {
    return fidelity.cosineMean() >= budget.cosineMean() && fidelity.cosineP1() >= budget.cosineP1();
  }
}
