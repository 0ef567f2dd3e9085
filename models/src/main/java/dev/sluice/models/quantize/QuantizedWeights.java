// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * A matrix in INT8, each output column with a scale of its own: column n of the matrix is about
 * {@code values} times {@code scales[n]}. Symmetric, so that zero stays zero.
 *
 * @param values row by row, as the matrix was
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record QuantizedWeights(byte[] values, float[] scales) {

  /** Rounds to the nearest, halves to even. */
  static QuantizedWeights of(Matrix matrix, WeightRange range) {
    int columns = matrix.columns();
    float[] largest = matrix.columnAbsMax();
    float[] scales = new float[columns];
    for (int n = 0; n < columns; n++) {
      scales[n] = scale(largest[n], range);
    }
    float[] weights = matrix.values();
    byte[] values = new byte[weights.length];
    for (int i = 0; i < weights.length; i++) {
      double rounded = Math.rint((double) weights[i] / scales[i % columns]);
      values[i] = (byte) Math.clamp(rounded, -range.most(), range.most());
    }
    return new QuantizedWeights(values, scales);
  }

  float[] scalesTimes(float factor) {
    float[] scaled = new float[scales.length];
    for (int n = 0; n < scaled.length; n++) {
      scaled[n] = scales[n] * factor;
    }
    return scaled;
  }

  /** A column of nothing but zeros, or as good as, has any scale. */
  private static float scale(float largest, WeightRange range) {
    float scale = (float) ((double) largest / range.most());
    return scale < Float.MIN_NORMAL ? 1 : scale;
  }
}
