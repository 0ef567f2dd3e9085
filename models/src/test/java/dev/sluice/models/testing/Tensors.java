// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.testing;

import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/** Tensors from and to Java values. */
public final class Tensors {
  private Tensors() {}

  public static Tensor fp32(long[] shape, float... values) {
    ByteBuffer data = buffer(values.length * Float.BYTES);
    for (float value : values) {
      data.putFloat(value);
    }
    return new Tensor(DType.FP32, shape, data.flip());
  }

  public static Tensor int64(long[] shape, long... values) {
    ByteBuffer data = buffer(values.length * Long.BYTES);
    for (long value : values) {
      data.putLong(value);
    }
    return new Tensor(DType.INT64, shape, data.flip());
  }

  public static Tensor int32(long[] shape, int... values) {
    ByteBuffer data = buffer(values.length * Integer.BYTES);
    for (int value : values) {
      data.putInt(value);
    }
    return new Tensor(DType.INT32, shape, data.flip());
  }

  public static Tensor strings(long[] shape, String... values) {
    return BytesTensors.ofStrings(shape, List.of(values));
  }

  public static float[] floats(Tensor tensor) {
    float[] values = new float[tensor.byteSize() / Float.BYTES];
    tensor.data().asFloatBuffer().get(values);
    return values;
  }

  public static long[] longs(Tensor tensor) {
    long[] values = new long[tensor.byteSize() / Long.BYTES];
    tensor.data().asLongBuffer().get(values);
    return values;
  }

  public static int[] ints(Tensor tensor) {
    int[] values = new int[tensor.byteSize() / Integer.BYTES];
    tensor.data().asIntBuffer().get(values);
    return values;
  }

  public static List<String> strings(Tensor tensor) {
    try {
      return BytesTensors.readStrings(tensor);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    }
  }

  /** Any bytes as a tensor of that type, which must fit the shape. */
  public static Tensor raw(DType type, long[] shape, byte... bytes) {
    return new Tensor(type, shape, ByteBuffer.wrap(bytes));
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
