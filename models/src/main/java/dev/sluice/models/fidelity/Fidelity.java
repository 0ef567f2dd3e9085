// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.spec.FidelityBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How near a variant is to the model that it was made from, over the answers to one set of inputs.
 *
 * @param cosineMean cosine to the model's own answers, on the mean
 * @param cosineP1 the cosine that 99 of 100 answers reach
 * @param cosineMin the worst
 * @param neighbours of each answer's ten nearest among the others, the share that is the same ten
 * @param maxError the largest difference of one component
 * @param batchCosineMin the same input alone and in other company: the worst cosine between any two
 * @param speedRatio how many times as fast as the model itself
 * @param sizeRatio the file's size beside the model's
 */
public record Fidelity(
    double cosineMean,
    double cosineP1,
    double cosineMin,
    double neighbours,
    double maxError,
    double batchCosineMin,
    double speedRatio,
    double sizeRatio) {

  /** Below this an answer depends on the batch that it was computed in. */
  public static final double SAME_IN_ANY_BATCH = 1 - 1e-6;

  /**
   * What of the budget is missed, one line each; empty for a variant that may serve. A variant
   * whose answers depend on their batch is never within a budget.
   */
  public List<String> missed(FidelityBudget budget) {
    List<String> missed = new ArrayList<>();
    below(missed, "the mean cosine", cosineMean, budget.cosineMean());
    below(missed, "the cosine that 99 of 100 answers reach", cosineP1, budget.cosineP1());
    below(
        missed, "the worst cosine of one input in two batches", batchCosineMin, SAME_IN_ANY_BATCH);
    return List.copyOf(missed);
  }

  /** Written so that what is not a number is below too. */
  private static void below(List<String> missed, String what, double value, double least) {
    if (!(value >= least)) {
      missed.add(String.format(Locale.ROOT, "%s is %.7f, below %s", what, value, least));
    }
  }
}
