// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * How a tensor is held in UINT8: a value is {@code (byte - zero) * step}. Zero itself has a byte,
 * so that zeros stay exact; what lies outside becomes the nearest that there is.
 *
 * @param zero 0 to 255
 */
record ByteScale(float step, int zero) {
  static final int LEVELS = 256;

  /** For values in this range, which is widened to hold zero. */
  static ByteScale of(double low, double high) {
    double bottom = Math.min(low, 0);
    float step = (float) ((Math.max(high, 0) - bottom) / (LEVELS - 1));
    if (step < Float.MIN_NORMAL) {
      return new ByteScale(1, 0);
    }
    return new ByteScale(step, (int) Math.rint(Math.clamp(-bottom / step, 0, LEVELS - 1)));
  }

  /** The value that stands for this one, after ONNX Runtime's rounding: halves to even. */
  float nearest(float value) {
    double level = Math.clamp(Math.rint(value / step) + zero, 0, LEVELS - 1);
    return (float) (level - zero) * step;
  }

  /** The least value that has a byte. */
  float low() {
    return -zero * step;
  }

  float high() {
    return (LEVELS - 1 - zero) * step;
  }
}
