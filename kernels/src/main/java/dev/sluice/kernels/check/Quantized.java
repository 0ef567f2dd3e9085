// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

/** Rows as the kernels quantize them: exactly, since it is one float operation after another. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record Quantized(byte[] bytes, float[] scales) {

  /**
   * Of values that are multiplied by their channel's factor first.
   *
   * @param factors one per channel; none: they are not
   */
  static Quantized of(float[] values, float[] factors, int columns) {
    if (factors.length == 0) {
      return of(values, columns);
    }
    float[] multiplied = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      multiplied[i] = values[i] * factors[i % columns];
    }
    return of(multiplied, columns);
  }

  static Quantized of(float[] values, int columns) {
    int rows = values.length / columns;
    byte[] bytes = new byte[values.length];
    float[] scales = new float[rows];
    for (int row = 0; row < rows; row++) {
      float largest = 0;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      float inverse = largest > 0 ? 127f / largest : 0;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        bytes[i] = (byte) Math.rint(values[i] * inverse);
      }
      scales[row] = largest / 127f;
    }
    return new Quantized(bytes, scales);
  }

  void compare(Agreement agreement, byte[] gotBytes, float[] gotScales) {
    agreement.same(gotBytes, bytes, "quantized");
    agreement.same(gotScales, scales, "scales");
  }
}
