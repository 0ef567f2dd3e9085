// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import java.util.random.RandomGenerator;

/** The reference of LayerNorm, with its parameters. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record LayerNorm(float[] gain, float[] shift, float epsilon) {

  static LayerNorm random(RandomGenerator random, int hidden) {
    return new LayerNorm(
        Numbers.positive(random, hidden, 0.5, 1.5), Numbers.floats(random, hidden, 0.3), 1e-12f);
  }

  double[] apply(double[] row) {
    double mean = 0;
    for (double value : row) {
      mean += value / row.length;
    }
    double variance = 0;
    for (double value : row) {
      variance += (value - mean) * (value - mean) / row.length;
    }
    double[] result = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      result[i] = (row[i] - mean) / Math.sqrt(variance + epsilon) * gain[i] + shift[i];
    }
    return result;
  }

  /** Compares one row of the kernel's halves. */
  void compare(Agreement agreement, double[] row, float[] got, int index) {
    double[] expected = apply(row);
    for (int i = 0; i < row.length; i++) {
      double scale = Numbers.scale(expected[i], 0.01);
      agreement.near(
          got[index * row.length + i],
          expected[i],
          Numbers.HALF_TOLERANCE * scale,
          "normalized",
          index,
          i);
    }
  }
}
