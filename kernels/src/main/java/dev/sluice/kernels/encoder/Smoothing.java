// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Factors that make the channels of a row alike before they share a scale: the row is divided by
 * them, the weights that it meets are multiplied, and the product is the same. What is hard to
 * round in rows becomes as hard to round in weights.
 *
 * @param factors one per channel, all of them positive
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record Smoothing(float[] factors) {
  /** How much of what is hard goes into the weights. */
  private static final double SHARE = 0.6;

  /** Beyond it nothing is gained, and products of factors stay far from where floats end. */
  private static final double MOST = 1e4;

  /**
   * @param reach of each channel, as far as is known
   * @param weight {@code [n, channels]}
   */
  static Smoothing of(float[] reach, FloatBuffer weight) {
    float[] heaviest = heaviest(weight, reach.length);
    double[] logs = new double[reach.length];
    for (int j = 0; j < logs.length; j++) {
      logs[j] = SHARE * Math.log(reach[j]) - (1 - SHARE) * Math.log(heaviest[j]);
    }
    // A channel or a column of zeros is exact whatever its factor.
    double usual = Arrays.stream(logs).filter(Double::isFinite).average().orElse(0);
    float[] factors = new float[logs.length];
    for (int j = 0; j < factors.length; j++) {
      factors[j] =
          Double.isFinite(logs[j])
              ? (float) Math.clamp(Math.exp(logs[j] - usual), 1 / MOST, MOST)
              : 1;
    }
    return new Smoothing(factors);
  }

  /** Of each column the largest magnitude. */
  private static float[] heaviest(FloatBuffer weight, int columns) {
    float[] heaviest = new float[columns];
    float[] row = new float[columns];
    for (int from = weight.position(); from < weight.limit(); from += columns) {
      weight.get(from, row);
      for (int j = 0; j < columns; j++) {
        heaviest[j] = Math.max(heaviest[j], Math.abs(row[j]));
      }
    }
    return heaviest;
  }

  /** What rows are multiplied by. */
  FloatBuffer ofRows() {
    float[] inverse = new float[factors.length];
    for (int j = 0; j < inverse.length; j++) {
      inverse[j] = 1 / factors[j];
    }
    return FloatBuffer.wrap(inverse);
  }
}
