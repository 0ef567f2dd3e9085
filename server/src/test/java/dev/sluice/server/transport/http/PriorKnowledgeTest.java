// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * HTTP/2 that begins without being asked for, as {@code curl --http2-prior-knowledge} and proxies
 * speak it; Java's own client always asks.
 */
final class PriorKnowledgeTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_OF_STREAM_AND_HEADERS = 5;
  private static final char OK = 0x88;

  /**
   * @param payload a character for each byte
   */
  private record Frame(int type, int stream, String payload) {}

  @Test
  void isAnswered() throws Exception {
    try (HttpTestServer server = new HttpTestServer();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
      out.write(frame(SETTINGS, 0, 0, new byte[0]));
      out.write(frame(HEADERS, END_OF_STREAM_AND_HEADERS, 1, get("/v1/models")));
      out.flush();

      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(next(in).type()).isEqualTo(SETTINGS);
      assertThat(nextOfStream(in, HEADERS).payload().charAt(0)).isEqualTo(OK);
      assertThat(nextOfStream(in, DATA).payload()).contains("\"id\":\"echo\"");
    }
  }

  /** GET and http stand in HPACK's own table; the path is spelt out. */
  private static byte[] get(String path) {
    byte[] name = path.getBytes(StandardCharsets.US_ASCII);
    byte[] block = new byte[4 + name.length];
    block[0] = (byte) 0x82;
    block[1] = (byte) 0x86;
    block[2] = 0x04;
    block[3] = (byte) name.length;
    System.arraycopy(name, 0, block, 4, name.length);
    return block;
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    byte[] frame = new byte[9 + payload.length];
    frame[2] = (byte) payload.length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    frame[8] = (byte) stream;
    System.arraycopy(payload, 0, frame, 9, payload.length);
    return frame;
  }

  private static Frame nextOfStream(DataInputStream in, int type) throws IOException {
    Frame frame = next(in);
    while (frame.stream() == 0) {
      frame = next(in);
    }
    assertThat(frame.type()).isEqualTo(type);
    return frame;
  }

  private static Frame next(DataInputStream in) throws IOException {
    int lengthAndType = in.readInt();
    in.readByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(lengthAndType >>> 8);
    return new Frame(
        lengthAndType & 0xff, stream, new String(payload, StandardCharsets.ISO_8859_1));
  }
}
