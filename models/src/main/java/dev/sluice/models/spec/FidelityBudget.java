// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

/**
 * How far a variant may be from the model that it was made from.
 *
 * @param cosineMean the least cosine to the model's own answers, on the mean
 * @param cosineP1 the least cosine that 99 of 100 answers must reach
 */
public record FidelityBudget(double cosineMean, double cosineP1) {
  public static final FidelityBudget DEFAULT = new FidelityBudget(0.995, 0.98);

  public FidelityBudget {
    if (!(cosineMean > 0 && cosineMean <= 1 && cosineP1 > 0 && cosineP1 <= 1)) {
      throw new IllegalArgumentException(
          "a cosine to be reached is above 0 and at most 1, not " + cosineMean + ", " + cosineP1);
    }
  }
}
