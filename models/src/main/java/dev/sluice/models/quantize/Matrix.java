// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * A matrix of weights, row by row: as many rows as an input has channels, as many columns as the
 * output. The values are never written after construction.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Matrix(float[] values, int rows, int columns) {
  Matrix {
    if (values.length != Math.multiplyExact(rows, columns)) {
      throw new IllegalArgumentException(
          "%d x %d, %d values".formatted(rows, columns, values.length));
    }
  }

  /** Each row times a factor of its own. */
  Matrix scaleRows(float[] factors) {
    float[] scaled = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int n = 0; n < columns; n++) {
        scaled[row * columns + n] = values[row * columns + n] * factors[row];
      }
    }
    return new Matrix(scaled, rows, columns);
  }

  /** Only these rows. */
  Matrix pickRows(int[] picked) {
    float[] some = new float[Math.multiplyExact(picked.length, columns)];
    for (int i = 0; i < picked.length; i++) {
      System.arraycopy(values, picked[i] * columns, some, i * columns, columns);
    }
    return new Matrix(some, picked.length, columns);
  }

  Matrix transpose() {
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int n = 0; n < columns; n++) {
        turned[n * rows + row] = values[row * columns + n];
      }
    }
    return new Matrix(turned, columns, rows);
  }

  Matrix times(float factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] * factor;
    }
    return new Matrix(scaled, rows, columns);
  }

  float[] columnAbsMax() {
    float[] largest = new float[columns];
    for (int row = 0; row < rows; row++) {
      for (int n = 0; n < columns; n++) {
        largest[n] = Math.max(largest[n], Math.abs(values[row * columns + n]));
      }
    }
    return largest;
  }

  boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
