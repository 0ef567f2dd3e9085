// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** An HTTP/2 client that heeds no setting of the server: it sends the frames that it is told to. */
final class RawHttp2 implements AutoCloseable {
  static final int RST_STREAM = 3;
  static final int PING = 6;
  static final int GO_AWAY = 7;

  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final DataInputStream in;

  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    socket.getOutputStream().write(frame.array());
  }

  /** Begins a request whose body does not end. */
  void request(int stream, String path, String header) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", "POST");
    field(block, ":scheme", "http");
    field(block, ":authority", "localhost");
    field(block, ":path", path);
    field(block, "content-type", path.startsWith("/v2") ? "application/json" : "application/grpc");
    field(block, "te", "trailers");
    field(block, "x-header", header);
    frame(HEADERS, END_HEADERS, stream, block.toByteArray());
  }

  void reset(int stream) throws IOException {
    frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  /** Literals that are not indexed. */
  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int length = text.length();
    block.write(Math.min(length, 127));
    if (length >= 127) {
      int rest = length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(text.getBytes(US_ASCII));
  }

  /** Reads until a frame of that type has come. */
  void await(int type) throws IOException {
    int seen;
    do {
      int lengthAndType = in.readInt();
      seen = lengthAndType & 0xff;
      in.skipNBytes(5 + (lengthAndType >>> 8));
    } while (seen != type);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
