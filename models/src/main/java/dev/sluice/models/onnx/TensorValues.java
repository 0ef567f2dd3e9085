// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors as Java arrays, and back. Pure functions. */
public final class TensorValues {
  private TensorValues() {}

  /** The elements of a tensor of any float type; those of FP64 rounded. */
  public static float[] floats(Tensor tensor) {
    ByteBuffer data = tensor.data();
    float[] values = new float[Math.toIntExact(tensor.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type()) {
            case FP32 -> data.getFloat();
            case FP16 -> Float.float16ToFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << Short.SIZE);
            case FP64 -> (float) data.getDouble();
            default -> throw new IllegalArgumentException(tensor + " does not hold floats");
          };
    }
    return values;
  }

  /** The elements of a tensor of any integer type, BOOL as 0 and 1. */
  public static long[] longs(Tensor tensor) {
    ByteBuffer data = tensor.data();
    long[] values = new long[Math.toIntExact(tensor.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type()) {
            case INT64, UINT64 -> data.getLong();
            case INT32 -> data.getInt();
            case UINT32 -> Integer.toUnsignedLong(data.getInt());
            case INT16 -> data.getShort();
            case UINT16 -> Short.toUnsignedLong(data.getShort());
            case INT8 -> data.get();
            case UINT8, BOOL -> Byte.toUnsignedLong(data.get());
            default -> throw new IllegalArgumentException(tensor + " does not hold integers");
          };
    }
    return values;
  }

  /** FP32. */
  public static Tensor ofFloats(long[] shape, float... values) {
    ByteBuffer data = allocate(DType.FP32, values.length);
    data.asFloatBuffer().put(values);
    return new Tensor(DType.FP32, shape, data);
  }

  /** INT64. */
  public static Tensor ofLongs(long[] shape, long... values) {
    ByteBuffer data = allocate(DType.INT64, values.length);
    data.asLongBuffer().put(values);
    return new Tensor(DType.INT64, shape, data);
  }

  /**
   * @param type INT8 or UINT8
   */
  public static Tensor ofBytes(DType type, long[] shape, byte... values) {
    if (type != DType.INT8 && type != DType.UINT8) {
      throw new IllegalArgumentException("bytes are INT8 or UINT8, not " + type);
    }
    return new Tensor(type, shape, ByteBuffer.wrap(values));
  }

  private static ByteBuffer allocate(DType type, int count) {
    return ByteBuffer.allocate(Math.multiplyExact(count, type.byteSize()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
