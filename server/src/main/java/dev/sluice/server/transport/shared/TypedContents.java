// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.models.tensor.DType;
import dev.sluice.proto.inference.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites {@code contents} into the raw form. Exactly the field of the declared type may be
 * filled; narrow integers are range-checked. FP16 and BF16 have no field and must come raw.
 */
final class TypedContents {
  private final InferTensorContents contents;
  private final DType type;
  private final String where;

  private TypedContents(InferTensorContents contents, DType type, String where) {
    this.contents = contents;
    this.type = type;
    this.where = where;
  }

  static ByteBuffer toRaw(InferTensorContents contents, DType type, long elements, String where) {
    return new TypedContents(contents, type, where).toRaw(elements);
  }

  /** A field of the message: its name, how much it holds, and the types that it is for. */
  private record Field(String name, int count, List<DType> types) {}

  private ByteBuffer toRaw(long elements) {
    Field own = null;
    for (Field field : fields()) {
      if (field.types().contains(type)) {
        own = field;
      } else if (field.count() > 0) {
        throw Refusals.invalid(where, field.name() + " does not hold elements of " + type + hint());
      }
    }
    if (own == null && elements == 0) {
      return ByteBuffer.allocate(0);
    }
    if (own == null) {
      throw Refusals.invalid(where, type + " has no typed field; use raw_input_contents");
    }
    if (own.count() != elements) {
      throw Refusals.invalid(
          where,
          own.name() + " has " + own.count() + " elements where the shape needs " + elements);
    }
    return type == DType.BYTES
        ? BytesElements.join(contents.getBytesContentsList(), where)
        : numbers(own.count());
  }

  private String hint() {
    @Nullable String right =
        fields().stream()
            .filter(f -> f.types().contains(type))
            .map(Field::name)
            .findFirst()
            .orElse(null);
    return right == null ? "; use raw_input_contents" : "; use " + right + " alone";
  }

  private List<Field> fields() {
    InferTensorContents c = contents;
    return List.of(
        new Field("bool_contents", c.getBoolContentsCount(), List.of(DType.BOOL)),
        new Field(
            "int_contents", c.getIntContentsCount(), List.of(DType.INT8, DType.INT16, DType.INT32)),
        new Field("int64_contents", c.getInt64ContentsCount(), List.of(DType.INT64)),
        new Field(
            "uint_contents",
            c.getUintContentsCount(),
            List.of(DType.UINT8, DType.UINT16, DType.UINT32)),
        new Field("uint64_contents", c.getUint64ContentsCount(), List.of(DType.UINT64)),
        new Field("fp32_contents", c.getFp32ContentsCount(), List.of(DType.FP32)),
        new Field("fp64_contents", c.getFp64ContentsCount(), List.of(DType.FP64)),
        new Field("bytes_contents", c.getBytesContentsCount(), List.of(DType.BYTES)));
  }

  private ByteBuffer numbers(int count) {
    long size = (long) count * type.byteSize();
    if (size > Integer.MAX_VALUE) {
      throw Refusals.invalid(where, "is larger than any tensor can be");
    }
    ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.range(0, count).forEach(i -> put(out, i));
    return out.flip();
  }

  private void put(ByteBuffer out, int i) {
    switch (type) {
      case BOOL -> out.put((byte) (contents.getBoolContents(i) ? 1 : 0));
      case INT8 -> out.put((byte) signed(i, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case INT16 -> out.putShort((short) signed(i, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 -> out.putInt(contents.getIntContents(i));
      case INT64 -> out.putLong(contents.getInt64Contents(i));
      case UINT8 -> out.put((byte) unsigned(i, 0xff));
      case UINT16 -> out.putShort((short) unsigned(i, 0xffff));
      case UINT32 -> out.putInt(contents.getUintContents(i));
      case UINT64 -> out.putLong(contents.getUint64Contents(i));
      case FP32 -> out.putFloat(contents.getFp32Contents(i));
      case FP64 -> out.putDouble(contents.getFp64Contents(i));
      case FP16, BF16, BYTES -> throw new IllegalStateException(type + " is not a typed number");
    }
  }

  private int signed(int i, int least, int most) {
    int value = contents.getIntContents(i);
    if (value < least || value > most) {
      throw outOfRange(i, value);
    }
    return value;
  }

  private int unsigned(int i, int most) {
    long value = Integer.toUnsignedLong(contents.getUintContents(i));
    if (value > most) {
      throw outOfRange(i, value);
    }
    return (int) value;
  }

  private RuntimeException outOfRange(int i, long value) {
    return Refusals.invalid(
        where, "element " + i + " is " + value + ", which no " + type + " holds");
  }
}
