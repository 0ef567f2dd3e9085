// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * SmoothQuant: each channel of an activation is divided by a factor, and the row of the weights
 * that it meets multiplied by it. The product is the same; but channels that are far larger than
 * the others no longer dictate the step that all of them are rounded to.
 *
 * @param factors one for each channel; none at all where nothing is smoothed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Smoothing(float[] factors) {
  static final Smoothing NONE = new Smoothing(new float[0]);

  /** Beyond this nothing is gained, and factors stay far from where floats end. */
  private static final double EXTREME = 1e4;

  /**
   * @param activations the largest magnitude in each channel
   * @param weights the largest magnitude of the weights that each channel meets
   * @param share how much of the difficulty goes into the weights, 0 to 1
   */
  static Smoothing of(float[] activations, float[] weights, double share) {
    double[] raw = new double[activations.length];
    double logs = 0;
    int counted = 0;
    for (int j = 0; j < raw.length; j++) {
      // A channel or row of zeros is exact whatever its factor.
      if (activations[j] > 0 && weights[j] > 0) {
        raw[j] = Math.pow(activations[j], share) / Math.pow(weights[j], 1 - share);
        logs += Math.log(raw[j]);
        counted++;
      }
    }
    double usual = counted == 0 ? 1 : Math.exp(logs / counted);
    float[] factors = new float[raw.length];
    for (int j = 0; j < raw.length; j++) {
      factors[j] = raw[j] == 0 ? 1 : (float) Math.clamp(raw[j] / usual, 1 / EXTREME, EXTREME);
    }
    return new Smoothing(factors);
  }

  boolean isNone() {
    return factors.length == 0;
  }

  /** The factor of a channel. */
  float of(int channel) {
    return isNone() ? 1 : factors[channel];
  }

  float[] inverse() {
    float[] inverse = new float[factors.length];
    for (int j = 0; j < inverse.length; j++) {
      inverse[j] = 1 / factors[j];
    }
    return inverse;
  }

  /** The weights that belong to the smoothed activation. */
  Matrix weights(Matrix matrix) {
    return isNone() ? matrix : matrix.scaleRows(factors);
  }
}
