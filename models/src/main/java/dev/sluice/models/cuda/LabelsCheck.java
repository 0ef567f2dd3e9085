// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.Precision;
import dev.sluice.models.engine.EngineException;

/**
 * Whether labels agree: their error, the root of its mean square over all rows and labels, as a
 * share of their spread. The spread is how far a label is from its mean over the rows, but at the
 * least a tenth of the labels' size: random words look alike to many a model.
 */
final class LabelsCheck {
  /** Where {@code growth} is 1. */
  private static final double MOST_ERROR_OF_HALVES = 0.01;

  /**
   * What a cosine of 0.995 leaves to a vector is 0.1 of its length; the head may point along it.
   */
  private static final double MOST_ERROR_OF_BYTES = 0.3;

  private static final double LEAST_SPREAD = 0.1;

  private LabelsCheck() {}

  /**
   * @param growth of errors with the layers
   * @throws EngineException saying how far they are from each other
   */
  static void require(float[][] got, float[][] expected, Precision precision, double growth)
      throws EngineException {
    double error = 0;
    double deviation = 0;
    double size = 0;
    for (int label = 0; label < expected[0].length; label++) {
      double mean = 0;
      for (float[] row : expected) {
        mean += row[label] / (double) expected.length;
      }
      for (int row = 0; row < expected.length; row++) {
        double right = expected[row][label];
        error += Math.pow(got[row][label] - right, 2);
        deviation += Math.pow(right - mean, 2);
        size += Math.pow(right, 2);
      }
    }
    double spread = Math.max(Math.sqrt(deviation), LEAST_SPREAD * Math.sqrt(size));
    double most = precision == Precision.INT8 ? MOST_ERROR_OF_BYTES : MOST_ERROR_OF_HALVES * growth;
    // NaN is no agreement.
    if (!(Math.sqrt(error) <= most * spread)) {
      throw new EngineException(
          "the card disagrees with the CPU on labels: the error is %.2g of their spread, at most %.2g"
              .formatted(Math.sqrt(error) / spread, most));
    }
  }
}
