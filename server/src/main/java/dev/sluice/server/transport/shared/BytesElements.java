// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The raw form of BYTES tensors: a little-endian uint32 length in front of every element. */
public final class BytesElements {
  private BytesElements() {}

  /** Walks the elements; refuses lengths that do not add up and any other count of elements. */
  public static void check(ByteBuffer data, long elements, String where) {
    ByteBuffer in = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long found = 0;
    while (in.hasRemaining()) {
      if (in.remaining() < Integer.BYTES) {
        throw Refusals.invalid(
            where,
            "BYTES element " + found + " has " + in.remaining() + " of the 4 bytes of its length");
      }
      long length = Integer.toUnsignedLong(in.getInt());
      if (length > in.remaining()) {
        throw Refusals.invalid(
            where,
            "BYTES element "
                + found
                + " says "
                + length
                + " bytes; "
                + in.remaining()
                + " are left");
      }
      in.position(in.position() + (int) length);
      found++;
    }
    if (found != elements) {
      throw Refusals.invalid(
          where, "has " + found + " BYTES elements where the shape needs " + elements);
    }
  }

  public static ByteBuffer join(List<ByteString> elements, String where) {
    long size = 0;
    for (ByteString element : elements) {
      size += Integer.BYTES + (long) element.size();
    }
    if (size > Integer.MAX_VALUE) {
      throw Refusals.invalid(where, "is larger than any tensor can be");
    }
    ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    for (ByteString element : elements) {
      out.putInt(element.size());
      element.copyTo(out);
    }
    return out.flip();
  }
}
