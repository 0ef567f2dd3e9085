// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** The vectors along the last axis of a float tensor, read one at a time. */
interface FloatRows {
  /** Copies the vector at that place, counted over all leading axes. */
  void read(int index, float[] into);

  static boolean supports(DType type) {
    return type == DType.FP32 || type == DType.FP16 || type == DType.BF16;
  }

  static FloatRows of(Tensor tensor) {
    return switch (tensor.type()) {
      case FP32 -> singles(tensor.data().asFloatBuffer());
      case FP16 -> halves(tensor.data().asShortBuffer());
      case BF16 -> brains(tensor.data().asShortBuffer());
      default -> throw new IllegalArgumentException(tensor + " does not hold vectors");
    };
  }

  private static FloatRows singles(FloatBuffer data) {
    return (index, into) -> data.get(index * into.length, into);
  }

  private static FloatRows halves(ShortBuffer data) {
    return (index, into) -> {
      int start = index * into.length;
      for (int i = 0; i < into.length; i++) {
        into[i] = Float.float16ToFloat(data.get(start + i));
      }
    };
  }

  private static FloatRows brains(ShortBuffer data) {
    return (index, into) -> {
      int start = index * into.length;
      for (int i = 0; i < into.length; i++) {
        into[i] = Float.intBitsToFloat(data.get(start + i) << Short.SIZE);
      }
    };
  }
}
