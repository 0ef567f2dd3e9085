// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Head;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/** Test data, and the arithmetic that references share. */
final class Numbers {
  /** What results in halves may be off by, relative to {@link #scale}. */
  static final double HALF_TOLERANCE = 2e-3;

  /** What rounding to a half costs at most, relatively. */
  static final double HALF_ROUNDING = 0x1p-11;

  private Numbers() {}

  /** Bell-shaped, each exactly a half. */
  static float[] halves(RandomGenerator random, int count, double deviation) {
    float[] values = floats(random, count, deviation);
    for (int i = 0; i < count; i++) {
      values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
    }
    return values;
  }

  static float[] floats(RandomGenerator random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  static float[] positive(RandomGenerator random, int count, double from, double to) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(from, to);
    }
    return values;
  }

  /** From -127 to 127, all alike. */
  static byte[] bytes(RandomGenerator random, int count) {
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] = (byte) random.nextInt(-127, 128);
    }
    return values;
  }

  /** Mostly anything up to {@code most}, often a tile's size, its neighbours, or the ends. */
  static int size(RandomGenerator random, int most) {
    int size =
        switch (random.nextInt(6)) {
          case 0 -> 1;
          case 1 -> most;
          case 2 -> 64 + random.nextInt(-1, 2);
          case 3 -> 128 + random.nextInt(-1, 2);
          default -> 1 + random.nextInt(most);
        };
    return Math.min(size, most);
  }

  static int multiple(RandomGenerator random, int of, int most) {
    return of * (1 + random.nextInt(most / of));
  }

  static ByteBuffer halfBytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(Float.floatToFloat16(value));
    }
    return bytes.flip();
  }

  static float[] fromHalfBytes(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.length / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(buffer.getShort(i * Short.BYTES));
    }
    return values;
  }

  /**
   * What an error at {@code value} is relative to: the value, or a part of its row's usual size.
   */
  static double scale(double value, double usual) {
    return Math.max(Math.abs(value), usual);
  }

  static double rms(double[] values, int from, int count) {
    double squares = 0;
    for (int i = from; i < from + count; i++) {
      squares += values[i] * values[i];
    }
    return Math.sqrt(squares / count);
  }

  static double activated(double x, Head.Activation activation) {
    return switch (activation) {
      case NONE -> x;
      case TANH -> Math.tanh(x);
      case RELU -> Math.max(x, 0);
      case GELU -> gelu(x);
    };
  }

  static double gelu(double x) {
    return x / 2 * erfc(-x / Math.sqrt(2));
  }

  /** To about 1e-13: a series near 0, a continued fraction further out. */
  static double erfc(double x) {
    if (x < 0) {
      return 2 - erfc(-x);
    }
    if (x > 3) {
      double fraction = 0;
      for (int i = 60; i > 0; i--) {
        fraction = i / 2.0 / (x + fraction);
      }
      return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }
    double sum = 0;
    double term = x;
    for (int i = 0; i < 100; i++) {
      sum += term / (2 * i + 1);
      term *= -x * x / (i + 1);
    }
    return 1 - 2 / Math.sqrt(Math.PI) * sum;
  }
}
