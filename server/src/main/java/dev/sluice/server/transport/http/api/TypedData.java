// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.models.tensor.DType;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.shared.Refusals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The {@code data} of a tensor as JSON: numbers, truth values or texts, nested or flat. */
final class TypedData {
  private static final int LENGTH_PREFIX = Integer.BYTES;

  private final JsonReader json;
  private final DType type;
  private final String where;
  private ByteBuffer out;

  private TypedData(JsonReader json, DType type, int bytes, String where) {
    this.json = json;
    this.type = type;
    this.where = where;
    this.out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the array that begins here into the tensor's raw form.
   *
   * @param longest how many characters the array can have, which bounds what is allocated for it
   */
  static ByteBuffer read(JsonReader json, DType type, long elements, int longest, String where) {
    if (type == DType.FP16 || type == DType.BF16) {
      throw Refusals.invalid(where, "cannot hold " + type + "; send it as binary data");
    }
    if (!json.is(JsonToken.START_ARRAY)) {
      throw json.mustBe(where, "an array");
    }
    if (elements > longest / 2 + 1) { // each has a comma or bracket behind it
      throw Refusals.invalid(where, "has fewer elements than the " + elements + " of its shape");
    }
    int bytes = type.fixedSize() ? Math.toIntExact(elements * type.byteSize()) : (int) elements * 8;
    return new TypedData(json, type, bytes, where).readAll(elements);
  }

  private ByteBuffer readAll(long elements) {
    long count = 0;
    for (int depth = 1; depth > 0; ) {
      JsonToken token = json.next();
      if (token == JsonToken.START_ARRAY) {
        depth++;
      } else if (token == JsonToken.END_ARRAY) {
        depth--;
      } else if (count++ < elements) {
        element();
      } else {
        throw Refusals.invalid(where, "has more elements than the " + elements + " of its shape");
      }
    }
    if (count < elements) {
      throw Refusals.invalid(where, "has " + count + " elements; its shape needs " + elements);
    }
    return out.flip();
  }

  private void element() {
    switch (type) {
      case BOOL -> out.put((byte) (json.bool(where) ? 1 : 0));
      case INT8 -> out.put((byte) json.integer(where, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> out.put((byte) json.integer(where, 0, 0xff));
      case INT16 -> out.putShort((short) json.integer(where, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> out.putShort((short) json.integer(where, 0, 0xffff));
      case INT32 -> out.putInt((int) json.integer(where, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> out.putInt((int) json.integer(where, 0, 0xffffffffL));
      case INT64 -> out.putLong(json.integer(where, Long.MIN_VALUE, Long.MAX_VALUE));
      case UINT64 -> out.putLong(json.unsigned(where));
      case FP32 -> out.putFloat(json.real32(where));
      case FP64 -> out.putDouble(json.real64(where));
      case BYTES -> text(json.string(where).getBytes(StandardCharsets.UTF_8));
      case FP16, BF16 -> throw new IllegalStateException("refused before");
    }
  }

  private void text(byte[] utf8) {
    int needed = LENGTH_PREFIX + utf8.length;
    if (out.remaining() < needed) {
      int size = Math.addExact(out.position(), Math.max(needed, out.position()));
      out =
          ByteBuffer.wrap(Arrays.copyOf(out.array(), size))
              .order(ByteOrder.LITTLE_ENDIAN)
              .position(out.position());
    }
    out.putInt(utf8.length).put(utf8);
  }

  /** Writes a tensor as a flat array. */
  static void write(JsonWriter json, DType type, ByteBuffer data) {
    json.array();
    while (data.hasRemaining()) {
      switch (type) {
        case BOOL -> json.bool(data.get() != 0);
        case INT8 -> json.number((long) data.get());
        case UINT8 -> json.number((long) (data.get() & 0xff));
        case INT16 -> json.number((long) data.getShort());
        case UINT16 -> json.number((long) (data.getShort() & 0xffff));
        case INT32 -> json.number((long) data.getInt());
        case UINT32 -> json.number(Integer.toUnsignedLong(data.getInt()));
        case INT64 -> json.number(data.getLong());
        case UINT64 -> json.unsigned(data.getLong());
        case FP32 -> json.number(data.getFloat());
        case FP64 -> json.number(data.getDouble());
        case BYTES -> {
          int length = data.getInt();
          json.utf8(data.slice(data.position(), length));
          data.position(data.position() + length);
        }
        case FP16, BF16 -> throw new IllegalStateException("only ever binary");
      }
    }
    json.endArray();
  }
}
