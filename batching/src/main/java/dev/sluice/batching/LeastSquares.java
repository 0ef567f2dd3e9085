// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Fits {@code y = a + b * tokens + c * rows} with {@code a, b, c >= 0} to samples that fade, each
 * scaled so that errors are relative.
 *
 * <p>Holds the six sums of the normal equations, not the samples. Not safe for several threads.
 */
final class LeastSquares {
  private static final int TERMS = 3;

  /** How much the prior (all zero) weighs against one sample: enough to keep the sums solvable. */
  private static final double RIDGE = 1e-6;

  private final double fading;
  private final double[][] products = new double[TERMS][TERMS];
  private final double[] targets = new double[TERMS];

  LeastSquares(double fading) {
    this.fading = fading;
  }

  void add(double tokens, double rows, double y, double weight) {
    double[] x = {1 / y, tokens / y, rows / y};
    for (int i = 0; i < TERMS; i++) {
      for (int j = 0; j < TERMS; j++) {
        products[i][j] = fading * products[i][j] + weight * x[i] * x[j];
      }
      targets[i] = fading * targets[i] + weight * x[i];
    }
  }

  /**
   * The best fit without a negative term: of the fits with some terms left out, that with the
   * smallest error. Eight small systems at most.
   */
  double[] solve() {
    double[] best = new double[TERMS];
    double least = Double.POSITIVE_INFINITY;
    for (int kept = 1; kept < 1 << TERMS; kept++) {
      double[] fit = solve(kept);
      double error = error(fit);
      if (isPositive(fit) && error < least) {
        least = error;
        best = fit;
      }
    }
    return best;
  }

  /** The squared error, less what is the same for every fit. */
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
  private double[] solve(int kept) {
    double[][] m = new double[TERMS][TERMS + 1];
    for (int i = 0; i < TERMS; i++) {
      boolean keepsRow = (kept >> i & 1) != 0;
      for (int j = 0; j < TERMS; j++) {
        boolean keeps = keepsRow && (kept >> j & 1) != 0;
        m[i][j] = keeps ? products[i][j] : 0;
      }
      m[i][i] = keepsRow ? m[i][i] * (1 + RIDGE) : 1;
      m[i][TERMS] = keepsRow ? targets[i] : 0;
    }
    for (int pivot = 0; pivot < TERMS; pivot++) {
      for (int row = pivot + 1; row < TERMS; row++) {
        double factor = m[row][pivot] / m[pivot][pivot];
        for (int column = pivot; column <= TERMS; column++) {
          m[row][column] -= factor * m[pivot][column];
        }
      }
    }
    double[] fit = new double[TERMS];
    for (int row = TERMS - 1; row >= 0; row--) {
      double sum = m[row][TERMS];
      for (int column = row + 1; column < TERMS; column++) {
        sum -= m[row][column] * fit[column];
      }
      fit[row] = sum / m[row][row];
    }
    return fit;
  }
}
