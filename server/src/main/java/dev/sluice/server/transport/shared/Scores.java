// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Locale;

/** The elements of a numeric tensor, to be ranked and printed. */
interface Scores {
  /** Not-a-number counts as lower than every number. */
  int compare(int a, int b);

  String text(int index);

  static Scores of(Tensor tensor) {
    ByteBuffer data = tensor.data();
    return switch (tensor.type()) {
      case FP16 -> real(i -> Float.float16ToFloat(data.getShort(2 * i)));
      case BF16 -> real(i -> Float.intBitsToFloat(data.getShort(2 * i) << 16));
      case FP32 -> real(i -> data.getFloat(4 * i));
      case FP64 -> real(i -> data.getDouble(8 * i));
      case INT8 -> whole(data::get);
      case UINT8 -> whole(i -> data.get(i) & 0xff);
      case INT16 -> whole(i -> data.getShort(2 * i));
      case UINT16 -> whole(i -> data.getShort(2 * i) & 0xffff);
      case INT32 -> whole(i -> data.getInt(4 * i));
      case UINT32 -> whole(i -> Integer.toUnsignedLong(data.getInt(4 * i)));
      case INT64 -> whole(i -> data.getLong(8 * i));
      case UINT64 -> unsigned(i -> data.getLong(8 * i));
      case BOOL, BYTES ->
          throw new IllegalArgumentException("no classes from elements of " + tensor.type());
    };
  }

  private static Scores real(Real values) {
    return new Scores() {
      @Override
      public int compare(int a, int b) {
        double left = values.at(a);
        double right = values.at(b);
        if (Double.isNaN(left) || Double.isNaN(right)) {
          return Boolean.compare(!Double.isNaN(left), !Double.isNaN(right));
        }
        return Double.compare(left, right);
      }

      @Override
      public String text(int index) {
        return String.format(Locale.ROOT, "%f", values.at(index));
      }
    };
  }

  private static Scores whole(Whole values) {
    return new Scores() {
      @Override
      public int compare(int a, int b) {
        return Long.compare(values.at(a), values.at(b));
      }

      @Override
      public String text(int index) {
        return Long.toString(values.at(index));
      }
    };
  }

  private static Scores unsigned(Whole values) {
    return new Scores() {
      @Override
      public int compare(int a, int b) {
        return Long.compareUnsigned(values.at(a), values.at(b));
      }

      @Override
      public String text(int index) {
        return Long.toUnsignedString(values.at(index));
      }
    };
  }

  /** Elements that are floating-point numbers. */
  interface Real {
    double at(int index);
  }

  /** Elements that are whole numbers. */
  interface Whole {
    long at(int index);
  }
}
