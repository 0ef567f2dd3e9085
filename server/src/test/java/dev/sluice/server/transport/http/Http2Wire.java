// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** An HTTP/2 client that sends what it is told, frame by frame, right or wrong. */
final class Http2Wire implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RESET = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GO_AWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int ACK = 1;
  static final int ENHANCE_YOUR_CALM = 11;
  private static final int OK = 0x88;

  private final Socket socket;
  private final DataInputStream in;

  /** One frame of the server. */
  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** Of headers: whether they begin with the status 200. */
    boolean ok() {
      return type == HEADERS && (payload[0] & 0xff) == OK;
    }

    /** Of a reset or a goodbye. */
    int errorCode() {
      return ByteBuffer.wrap(payload).getInt(type == GO_AWAY ? 4 : 0);
    }
  }

  Http2Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    send(preface());
  }

  /** The preface and empty settings. */
  static byte[] preface() {
    return join("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1), frame(SETTINGS, 0, 0));
  }

  static byte[] frame(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt((payload.length << 8) | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** The header block of a request. */
  static byte[] head(String method, String path, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(method.equals("GET") ? 0x82 : 0x83);
    block.write(0x86);
    block.write(0x04);
    text(block, path);
    block.write(0x01);
    text(block, "localhost");
    for (int i = 0; i < more.length; i += 2) {
      block.write(0x00);
      text(block, more[i]);
      text(block, more[i + 1]);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int left = text.length();
    if (left < 127) {
      block.write(left);
    } else {
      block.write(127);
      for (left -= 127; left >= 128; left >>= 7) {
        block.write((left & 127) | 128);
      }
      block.write(left);
    }
    block.writeBytes(text.getBytes(ISO_8859_1));
  }

  static byte[] get(int stream, String path) {
    return frame(HEADERS, END_HEADERS | END_STREAM, stream, head("GET", path));
  }

  static byte[] post(int stream, String path, String body) {
    return join(
        frame(HEADERS, END_HEADERS, stream, head("POST", path)),
        frame(DATA, END_STREAM, stream, body.getBytes(ISO_8859_1)));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  void send(byte[]... parts) throws IOException {
    socket.getOutputStream().write(join(parts));
  }

  /** Sends as long as the server listens. */
  void flood(int times, byte[] frame) throws IOException {
    try {
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(frame);
      }
    } catch (SocketException closed) {
      // As it should be; what the server said before can be read.
    }
  }

  Frame read() throws IOException {
    int start = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = new byte[start >>> 8];
    in.readFully(payload);
    return new Frame(start & 0xff, flags, stream, payload);
  }

  /** The next frame that is as wanted; the others are passed over. */
  Frame await(Predicate<Frame> wanted) throws IOException {
    for (; ; ) {
      Frame frame = read();
      if (wanted.test(frame)) {
        return frame;
      }
    }
  }

  /** What comes until the server closes. */
  List<Frame> rest() throws IOException {
    List<Frame> frames = new ArrayList<>();
    try {
      for (; ; ) {
        frames.add(read());
      }
    } catch (EOFException | SocketException closed) {
      return frames;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
