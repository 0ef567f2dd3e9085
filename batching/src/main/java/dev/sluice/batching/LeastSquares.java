// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;

/**
 * Fits {@code y = a + b * tokens + c * rows} with {@code a, b, c >= 0} to samples that fade, each
 * divided by its scale so that errors are relative.
 *
 * <p>Holds the six sums of the normal equations, not the samples. Makes no garbage. Not safe for
 * several threads.
 */
final class LeastSquares {
  private static final int TERMS = 3;
  private static final int ALL_TERMS = (1 << TERMS) - 1;

  /** How much the prior (all zero) weighs against one sample: enough to keep the sums solvable. */
  private static final double RIDGE = 1e-6;

  private final double fading;
  private final double[][] products = new double[TERMS][TERMS];
  private final double[] targets = new double[TERMS];

  // Used inside of one call only.
  private final double[] x = new double[TERMS];
  private final double[][] system = new double[TERMS][TERMS + 1];
  private final double[] trial = new double[TERMS];

  LeastSquares(double fading) {
    this.fading = fading;
  }

  void add(double tokens, double rows, double y, double scale, double weight) {
    x[0] = 1 / scale;
    x[1] = tokens / scale;
    x[2] = rows / scale;
    for (int i = 0; i < TERMS; i++) {
      for (int j = 0; j < TERMS; j++) {
        products[i][j] = fading * products[i][j] + weight * x[i] * x[j];
      }
      targets[i] = fading * targets[i] + weight * x[i] * y / scale;
    }
  }

  void clear() {
    for (double[] row : products) {
      Arrays.fill(row, 0);
    }
    Arrays.fill(targets, 0);
  }

  /**
   * The best fit without a negative term. Usually that is the best of all fits; where it is not,
   * the best of those with some terms left out, six small systems.
   */
  void solve(double[] best) {
    fit(ALL_TERMS, best);
    if (isPositive(best)) {
      return;
    }
    Arrays.fill(best, 0);
    double least = 0;
    for (int kept = 1; kept < ALL_TERMS; kept++) {
      fit(kept, trial);
      double error = error(trial);
      if (isPositive(trial) && error < least) {
        least = error;
        System.arraycopy(trial, 0, best, 0, TERMS);
      }
    }
  }

  /** The squared error, less what is the same for every fit; that of no terms at all is zero. */
  private double error(double[] fit) {
    double error = 0;
    for (int i = 0; i < TERMS; i++) {
      error -= 2 * fit[i] * targets[i];
      for (int j = 0; j < TERMS; j++) {
        error += fit[i] * products[i][j] * fit[j];
      }
    }
    return error;
  }

  private static boolean isPositive(double[] fit) {
    for (double term : fit) {
      if (!(term >= 0) || Double.isInfinite(term)) {
        return false;
      }
    }
    return true;
  }

  /** Gauss elimination over the kept terms; the others are zero. */
  private void fit(int kept, double[] fit) {
    for (int i = 0; i < TERMS; i++) {
      boolean keepsRow = (kept >> i & 1) != 0;
      for (int j = 0; j < TERMS; j++) {
        boolean keeps = keepsRow && (kept >> j & 1) != 0;
        system[i][j] = keeps ? products[i][j] : 0;
      }
      system[i][i] = keepsRow ? system[i][i] * (1 + RIDGE) : 1;
      system[i][TERMS] = keepsRow ? targets[i] : 0;
    }
    for (int pivot = 0; pivot < TERMS; pivot++) {
      for (int row = pivot + 1; row < TERMS; row++) {
        double factor = system[row][pivot] / system[pivot][pivot];
        for (int column = pivot; column <= TERMS; column++) {
          system[row][column] -= factor * system[pivot][column];
        }
      }
    }
    for (int row = TERMS - 1; row >= 0; row--) {
      double sum = system[row][TERMS];
      for (int column = row + 1; column < TERMS; column++) {
        sum -= system[row][column] * fit[column];
      }
      fit[row] = sum / system[row][row];
    }
  }
}
