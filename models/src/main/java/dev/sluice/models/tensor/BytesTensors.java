// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The framing of {@link DType#BYTES}: every element is a little-endian uint32 length and that many
 * bytes.
 *
 * <p>{@link #framingProblem} trusts nothing and does work in proportion to the smaller of the
 * buffer and the element count. The readers are for tensors that have passed it.
 */
public final class BytesTensors {
  private static final int PREFIX = Integer.BYTES;

  private BytesTensors() {}

  public static Tensor ofStrings(long[] shape, List<String> strings) {
    List<byte[]> elements = new ArrayList<>(strings.size());
    for (String string : strings) {
      elements.add(string.getBytes(StandardCharsets.UTF_8));
    }
    return ofBytes(shape, elements);
  }

  /**
   * @throws IllegalArgumentException when the shape asks for another number of elements
   * @throws ArithmeticException when the frames do not fit one buffer
   */
  public static Tensor ofBytes(long[] shape, List<byte[]> elements) {
    if (Tensor.elements(shape) != elements.size()) {
      throw new IllegalArgumentException(
          "the shape holds " + Tensor.elements(shape) + " elements, not " + elements.size());
    }
    return new Tensor(DType.BYTES, shape, frame(elements));
  }

  /** The elements, framed, in one heap buffer. */
  public static ByteBuffer frame(List<byte[]> elements) {
    long size = 0;
    for (byte[] element : elements) {
      size += PREFIX + (long) element.length;
    }
    ByteBuffer framed = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] element : elements) {
      framed.putInt(element.length).put(element);
    }
    return framed.flip();
  }

  /**
   * What is wrong with the framing of so many elements, in words for the client; empty when the
   * buffer holds exactly those.
   */
  public static Optional<String> framingProblem(ByteBuffer raw, long elements) {
    ByteBuffer data = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (elements > data.remaining() / PREFIX) {
      return Optional.of(
          elements
              + " BYTES elements need at least 4 bytes each, but the data has "
              + data.remaining()
              + " bytes");
    }
    for (long element = 0; element < elements; element++) {
      if (data.remaining() < PREFIX) {
        return Optional.of("the data ends before the length of element " + element);
      }
      long length = Integer.toUnsignedLong(data.getInt());
      if (length > data.remaining()) {
        return Optional.of(
            "element %d has a length of %d bytes, but only %d bytes follow"
                .formatted(element, length, data.remaining()));
      }
      data.position(data.position() + (int) length);
    }
    return data.hasRemaining()
        ? Optional.of(data.remaining() + " bytes follow the last of " + elements + " elements")
        : Optional.empty();
  }

  /** The first element that is not UTF-8, if any. */
  public static OptionalInt firstInvalidUtf8(Tensor tensor) {
    CharsetDecoder decoder = strictDecoder();
    CharBuffer scratch = CharBuffer.allocate(1024);
    ByteBuffer data = tensor.data();
    for (int element = 0; data.hasRemaining(); element++) {
      if (!isUtf8(next(data), decoder, scratch)) {
        return OptionalInt.of(element);
      }
    }
    return OptionalInt.empty();
  }

  /** Copies of the elements. */
  public static List<byte[]> read(Tensor tensor) {
    List<byte[]> elements = new ArrayList<>();
    ByteBuffer data = tensor.data();
    while (data.hasRemaining()) {
      ByteBuffer element = next(data);
      byte[] bytes = new byte[element.remaining()];
      element.get(bytes);
      elements.add(bytes);
    }
    return elements;
  }

  /** The elements as text; throws when one is not UTF-8. */
  public static List<String> readStrings(Tensor tensor) throws CharacterCodingException {
    CharsetDecoder decoder = strictDecoder();
    List<String> strings = new ArrayList<>();
    ByteBuffer data = tensor.data();
    while (data.hasRemaining()) {
      strings.add(decoder.decode(next(data)).toString());
    }
    return strings;
  }

  /** The next element as a view; the position moves past it. */
  static ByteBuffer next(ByteBuffer data) {
    int length = data.getInt();
    ByteBuffer element = data.slice(data.position(), length);
    data.position(data.position() + length);
    return element;
  }

  private static boolean isUtf8(ByteBuffer element, CharsetDecoder decoder, CharBuffer scratch) {
    decoder.reset();
    while (true) {
      scratch.clear();
      var result = decoder.decode(element, scratch, true);
      if (result.isError()) {
        return false;
      }
      if (result.isUnderflow()) {
        return true;
      }
    }
  }

  private static CharsetDecoder strictDecoder() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }
}
