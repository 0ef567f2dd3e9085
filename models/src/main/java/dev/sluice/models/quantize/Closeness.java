// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.spec.FidelityBudget;
import java.util.Arrays;

/**
 * How near answers are to those of the model itself.
 *
 * @param mean their cosine, on the mean
 * @param p1 the cosine that 99 of 100 reach
 */
public record Closeness(double mean, double p1) {
  private static final double TAIL = 0.01;

  static Closeness of(double[] cosines) {
    double[] sorted = cosines.clone();
    Arrays.sort(sorted);
    double mean = Arrays.stream(sorted).average().orElse(1);
    return new Closeness(mean, sorted.length == 0 ? 1 : sorted[(int) (TAIL * sorted.length)]);
  }

  boolean meets(FidelityBudget budget) {
    return mean >= budget.cosineMean() && p1 >= budget.cosineP1();
  }

  /** The cosine of two vectors; 1 for two of zeros, 0 for one of zeros or of what is no number. */
  static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    if (aa == 0 && bb == 0) {
      return 1;
    }
    double cosine = dot / Math.sqrt(aa * bb);
    return Double.isFinite(cosine) ? cosine : 0;
  }
}
