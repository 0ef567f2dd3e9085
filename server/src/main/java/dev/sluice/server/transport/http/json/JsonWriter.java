// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes JSON as UTF-8 into one growing array; commas come by themselves. For one thread. */
public final class JsonWriter {
  private static final int FIRST_SIZE = 512;
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] BASE64 =
      ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  private final StringBuilder floats = new StringBuilder();
  private byte[] bytes;
  private int length;
  private boolean comma;

  public JsonWriter() {
    this(FIRST_SIZE);
  }

  /**
   * @param expected bytes that will be written, about
   */
  public JsonWriter(int expected) {
    this.bytes = new byte[Math.max(FIRST_SIZE, expected)];
  }

  public JsonWriter object() {
    return open('{');
  }

  public JsonWriter endObject() {
    return close('}');
  }

  public JsonWriter array() {
    return open('[');
  }

  public JsonWriter endArray() {
    return close(']');
  }

  public JsonWriter name(String name) {
    string(name);
    put(':');
    comma = false;
    return this;
  }

  public JsonWriter string(String text) {
    separate();
    put('"');
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    escaped(utf8, 0, utf8.length);
    put('"');
    return this;
  }

  /** UTF-8 text; what is not UTF-8 becomes the replacement character. */
  public JsonWriter utf8(ByteBuffer text) {
    return string(StandardCharsets.UTF_8.decode(text).toString());
  }

  public JsonWriter number(long value) {
    separate();
    text(Long.toString(value));
    return this;
  }

  public JsonWriter unsigned(long value) {
    separate();
    text(Long.toUnsignedString(value));
    return this;
  }

  /** The shortest text that reads back as the same float; null where JSON has no such number. */
  public JsonWriter number(float value) {
    separate();
    text(Float.isFinite(value) ? Float.toString(value) : "null");
    return this;
  }

  /**
   * An array of the little-endian floats between two positions, each as {@link #number(float)}. One
   * builder for all of them is a fifth faster than a string for each, and leaves no garbage.
   */
  public JsonWriter floats(ByteBuffer data, int from, int to) {
    array();
    StringBuilder text = floats;
    text.setLength(0);
    for (int at = from; at < to; at += Float.BYTES) {
      float value = data.getFloat(at);
      if (at > from) {
        text.append(',');
      }
      if (Float.isFinite(value)) {
        text.append(value);
      } else {
        text.append("null");
      }
    }
    text(text.toString());
    return endArray();
  }

  /** As {@link #number(float)}. */
  public JsonWriter number(double value) {
    separate();
    text(Double.isFinite(value) ? Double.toString(value) : "null");
    return this;
  }

  public JsonWriter bool(boolean value) {
    separate();
    text(value ? "true" : "false");
    return this;
  }

  public JsonWriter nothing() {
    separate();
    text("null");
    return this;
  }

  /** A string of the bytes between two positions, in base64 with padding. */
  public JsonWriter base64(ByteBuffer data, int from, int to) {
    separate();
    room(2 + (to - from + 2) / 3 * 4);
    put('"');
    int i = from;
    for (; i + 2 < to; i += 3) {
      int three = (octet(data, i) << 16) | (octet(data, i + 1) << 8) | octet(data, i + 2);
      bytes[length++] = BASE64[three >>> 18];
      bytes[length++] = BASE64[(three >>> 12) & 63];
      bytes[length++] = BASE64[(three >>> 6) & 63];
      bytes[length++] = BASE64[three & 63];
    }
    if (i < to) {
      boolean two = i + 1 < to;
      int rest = (octet(data, i) << 16) | (two ? octet(data, i + 1) << 8 : 0);
      bytes[length++] = BASE64[rest >>> 18];
      bytes[length++] = BASE64[(rest >>> 12) & 63];
      bytes[length++] = two ? BASE64[(rest >>> 6) & 63] : (byte) '=';
      bytes[length++] = '=';
    }
    put('"');
    return this;
  }

  private static int octet(ByteBuffer data, int at) {
    return data.get(at) & 0xff;
  }

  /** Bytes that are not JSON, after it. */
  public void append(ByteBuffer data) {
    int count = data.remaining();
    room(count);
    data.get(bytes, length, count);
    length += count;
  }

  public int length() {
    return length;
  }

  /** The array that was written to, of which {@link #length()} bytes count. */
  public ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  private JsonWriter open(char bracket) {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      put(',');
    }
    comma = true;
  }

  private void put(char ascii) {
    room(1);
    bytes[length++] = (byte) ascii;
  }

  @SuppressWarnings("deprecation") // the one way to ASCII bytes that makes no second copy
  private void text(String ascii) {
    room(ascii.length());
    ascii.getBytes(0, ascii.length(), bytes, length);
    length += ascii.length();
  }

  private void escaped(byte[] utf8, int from, int to) {
    room(to - from);
    for (int i = from; i < to; i++) {
      byte b = utf8[i];
      if (b == '"' || b == '\\') {
        room(2);
        bytes[length++] = '\\';
        bytes[length++] = b;
      } else if (b >= 0 && b < 0x20) {
        room(6);
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[b >> 4];
        bytes[length++] = HEX[b & 15];
      } else {
        room(1);
        bytes[length++] = b;
      }
    }
  }

  private void room(int count) {
    int needed = Math.addExact(length, count);
    if (needed > bytes.length) {
      int doubled =
          bytes.length > Integer.MAX_VALUE / 2 - 8 ? Integer.MAX_VALUE - 8 : bytes.length * 2;
      bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
