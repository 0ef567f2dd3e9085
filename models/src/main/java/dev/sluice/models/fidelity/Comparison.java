// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.text.Vectors;
import java.util.Arrays;

/** Collects how far answers are from those that they should be. Not safe for threads. */
final class Comparison {
  private double[] cosines = new double[256];
  private int count;
  private double maxError;

  /** One answer beside the one that is right. */
  void add(float[] right, float[] answer) {
    if (count == cosines.length) {
      cosines = Arrays.copyOf(cosines, 2 * count);
    }
    cosines[count++] = cosine(right, answer);
    for (int i = 0; i < right.length; i++) {
      double error = Math.abs((double) right[i] - answer[i]);
      maxError = error <= maxError ? maxError : Double.isNaN(error) ? Double.MAX_VALUE : error;
    }
  }

  /** 1 for equal answers, zeros included; 0 for one that is no number. */
  static double cosine(float[] right, float[] answer) {
    if (Arrays.equals(right, answer)) {
      return 1;
    }
    double cosine = Vectors.cosine(right, answer);
    return Double.isFinite(cosine) ? Math.min(1, cosine) : 0;
  }

  int count() {
    return count;
  }

  double mean() {
    return Arrays.stream(cosines, 0, count).average().orElse(0);
  }

  double min() {
    return Arrays.stream(cosines, 0, count).min().orElse(0);
  }

  /** What that share of the answers reaches. */
  double reachedBy(double share) {
    if (count == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(cosines, count);
    Arrays.sort(sorted);
    return sorted[Math.max(0, count - (int) Math.ceil(share * count))];
  }

  double maxError() {
    return maxError;
  }
}
