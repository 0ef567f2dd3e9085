// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Moves through a protobuf file field by field and never holds more of it than a bounded string.
 * Ends that do not meet, nesting without end and fields that run past the file are errors. A field
 * of another wire type than its reader's is skipped, as every protobuf parser does.
 */
final class OnnxCursor {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_DEPTH = 100;

  /** Takes one field; the cursor stands behind its tag. It must be read or skipped. */
  interface Part {
    void field(int number) throws IOException, RefusedException;
  }

  private final CodedInputStream in;
  private int tag;
  private int depth;

  OnnxCursor(InputStream stream, int fileSize) throws IOException {
    this.in = CodedInputStream.newInstance(stream, BUFFER);
    // Skipping past the end of a file succeeds; with a limit it does not.
    in.pushLimit(fileSize);
  }

  /** Every field up to the end of the current message. */
  void fields(Part part) throws IOException, RefusedException {
    for (tag = in.readTag(); tag != 0; tag = in.readTag()) {
      part.field(WireFormat.getTagFieldNumber(tag));
    }
    if (in.getBytesUntilLimit() != 0) {
      throw new InvalidProtocolBufferException("it ends too early");
    }
  }

  void message(Part part) throws IOException, RefusedException {
    if (notA(WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      skip();
      return;
    }
    if (++depth > MAX_DEPTH) {
      throw new RefusedException("its graphs are nested more than " + MAX_DEPTH + " levels deep");
    }
    int outer = in.pushLimit(in.readRawVarint32());
    fields(part);
    in.popLimit(outer);
    depth--;
  }

  void skip() throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("a group ends that never began");
    }
  }

  /** The bytes of a length-delimited field; those past the limit are dropped. */
  byte[] bytes(int limit) throws IOException {
    if (notA(WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      skip();
      return new byte[0];
    }
    int size = in.readRawVarint32();
    if (size < 0) {
      throw new InvalidProtocolBufferException("a field has a negative size");
    }
    byte[] bytes = in.readRawBytes(Math.min(size, limit));
    in.skipRawBytes(size - bytes.length);
    return bytes;
  }

  String string(int limit) throws IOException {
    return new String(bytes(limit), StandardCharsets.UTF_8);
  }

  /** The numbers of a repeated integer field, one by one or packed, after those before. */
  long[] longs(long[] before, int limit) throws IOException, RefusedException {
    if (notA(WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT
          ? plus(before, in.readInt64(), limit)
          : skipped(before);
    }
    int outer = in.pushLimit(in.readRawVarint32());
    long[] all = before;
    while (in.getBytesUntilLimit() > 0) {
      all = plus(all, in.readInt64(), limit);
    }
    in.popLimit(outer);
    return all;
  }

  private long[] skipped(long[] before) throws IOException {
    skip();
    return before;
  }

  private static long[] plus(long[] before, long value, int limit) throws RefusedException {
    if (before.length >= limit) {
      throw new RefusedException("a tensor has more than " + limit + " dimensions");
    }
    long[] all = Arrays.copyOf(before, before.length + 1);
    all[before.length] = value;
    return all;
  }

  private boolean notA(int wireType) {
    return WireFormat.getTagWireType(tag) != wireType;
  }

  /** An integer field, or the value before where it is of another type. */
  int integer(int before) throws IOException {
    if (notA(WireFormat.WIRETYPE_VARINT)) {
      skip();
      return before;
    }
    return in.readInt32();
  }
}
