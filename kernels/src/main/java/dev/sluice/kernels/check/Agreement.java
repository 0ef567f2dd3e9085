// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import java.util.Arrays;

/** Collects comparisons; the first that fails throws. */
final class Agreement {
  private final String kernel;
  private double worst;

  Agreement(String kernel) {
    this.kernel = kernel;
  }

  /** One number. NaN agrees with nothing. */
  void near(double got, double expected, double tolerance, String what, int row, int column) {
    double share = Math.abs(got - expected) / tolerance;
    if (!(share <= 1)) {
      throw new DisagreementException(
          "%s, %s: %s at row %d, column %d, expected %s within %s"
              .formatted(kernel, what, got, row, column, expected, tolerance));
    }
    worst = Math.max(worst, share);
  }

  /** Bit for bit. */
  void same(float[] got, float[] expected, String what) {
    int place = Arrays.mismatch(bits(got), bits(expected));
    if (place >= 0) {
      throw new DisagreementException(
          "%s, %s: element %d is %s, expected exactly %s"
              .formatted(
                  kernel,
                  what,
                  place,
                  place < got.length ? got[place] : "absent",
                  place < expected.length ? expected[place] : "absent"));
    }
  }

  void same(byte[] got, byte[] expected, String what) {
    int place = Arrays.mismatch(got, expected);
    if (place >= 0) {
      throw new DisagreementException(
          "%s, %s: byte %d is %d, expected %d"
              .formatted(kernel, what, place, got[place], expected[place]));
    }
  }

  void holds(boolean condition, String what) {
    if (!condition) {
      throw new DisagreementException(kernel + ": " + what);
    }
  }

  double worst() {
    return worst;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
