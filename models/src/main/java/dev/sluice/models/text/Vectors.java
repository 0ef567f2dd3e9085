// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** What happens to a pooled vector on its way to the client. All functions are pure. */
public final class Vectors {
  /** Shorter vectors are divided by this instead of their length: a zero vector stays zero. */
  private static final double SHORTEST = 1e-12;

  private Vectors() {}

  /**
   * The vector as the client asked for it.
   *
   * @param dimensions how many leading components to keep (Matryoshka); 0 for all
   * @param normalize whether what is kept is scaled to length 1
   * @throws IllegalArgumentException when the vector has fewer components than that
   */
  public static float[] shape(float[] vector, int dimensions, boolean normalize) {
    if (dimensions < 0 || dimensions > vector.length) {
      throw new IllegalArgumentException(
          "dimensions is " + dimensions + ", the model has 1 to " + vector.length);
    }
    float[] kept = dimensions == 0 ? vector : Arrays.copyOf(vector, dimensions);
    return normalize ? normalized(kept) : kept;
  }

  /** The vector at length 1. */
  public static float[] normalized(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    double scale = 1 / Math.max(Math.sqrt(squares), SHORTEST);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] * scale);
    }
    return unit;
  }

  /** Appends the components to the buffer as little-endian FP32, whatever its byte order. */
  public static void write(float[] vector, ByteBuffer into) {
    into.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
    into.position(into.position() + vector.length * Float.BYTES);
  }

  /** Whether no component is infinite or not a number. */
  public static boolean finite(float[] vector) {
    for (float x : vector) {
      if (!Float.isFinite(x)) {
        return false;
      }
    }
    return true;
  }

  /** The cosine of the angle between two vectors of one length; 0 when either is zero. */
  public static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.max(Math.sqrt(aa * bb), SHORTEST);
  }
}
