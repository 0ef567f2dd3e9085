// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the elements of a tensor are, as the Open Inference Protocol names and encodes them. */
enum DataType {
  BOOL(1, 0, 1),
  INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE),
  INT16(2, Short.MIN_VALUE, Short.MAX_VALUE),
  INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE),
  INT64(8, -DataType.EXACT, DataType.EXACT),
  UINT8(1, 0, 0xff),
  UINT16(2, 0, 0xffff),
  UINT32(4, 0, 0xffff_ffffL),
  UINT64(8, 0, DataType.EXACT),
  FP16(2, -65_504, 65_504),
  BF16(2, -Float.MAX_VALUE / 2, Float.MAX_VALUE / 2),
  FP32(4, -Float.MAX_VALUE, Float.MAX_VALUE),
  FP64(8, -Double.MAX_VALUE / 2, Double.MAX_VALUE / 2),
  /** Texts; an element is its length and its bytes. */
  BYTES(0, 0, 0);

  /** Whole numbers up to here are what they are in a double too. */
  private static final double EXACT = 1L << 53;

  private final int size;
  private final double least;
  private final double most;

  DataType(int size, double least, double most) {
    this.size = size;
    this.least = least;
    this.most = most;
  }

  static Optional<DataType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** All of them, for people. */
  static String names() {
    return Arrays.stream(values()).map(DataType::name).collect(Collectors.joining(", "));
  }

  /** Bytes of an element; 0: as many as it has. */
  int size() {
    return size;
  }

  boolean whole() {
    return compareTo(FP16) < 0;
  }

  double least() {
    return least;
  }

  double most() {
    return most;
  }

  /**
   * @param value within the type's range, and whole where the type is
   */
  void put(double value, ByteBuffer out) {
    switch (this) {
      case BOOL, INT8, UINT8 -> out.put((byte) (long) value);
      case INT16, UINT16 -> out.putShort((short) (long) value);
      case INT32, UINT32 -> out.putInt((int) (long) value);
      case INT64, UINT64 -> out.putLong((long) value);
      case FP16 -> out.putShort(Float.floatToFloat16((float) value));
      // The upper half of a float.
      case BF16 -> out.putShort((short) (Float.floatToRawIntBits((float) value) >>> Short.SIZE));
      case FP32 -> out.putFloat((float) value);
      case FP64 -> out.putDouble(value);
      case BYTES -> throw new IllegalStateException("a text is no number");
    }
  }
}
