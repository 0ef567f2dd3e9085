// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** An HTTP/1.1 client that sends what it is told to. */
final class RawHttp1 implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket = new Socket();

  RawHttp1(int port) throws IOException {
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** Sends the text; when that ends the connection, all that the server says before. */
  static String exchange(int port, String text) throws IOException {
    try (RawHttp1 client = new RawHttp1(port)) {
      client.send(text);
      return client.untilClosed();
    }
  }

  /** The metrics, through a connection that is gone on the server's side when this returns. */
  static String scrape(int port) throws IOException {
    String answer = exchange(port, "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n");
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** A reset is a way of hanging up. */
  String untilClosed() throws IOException {
    StringBuilder said = new StringBuilder();
    byte[] buffer = new byte[8192];
    try {
      InputStream in = socket.getInputStream();
      for (int n = 0; n >= 0; n = in.read(buffer)) {
        said.append(new String(buffer, 0, n, ISO_8859_1));
      }
    } catch (SocketException reset) {
      return said.toString();
    }
    return said.toString();
  }

  /** Reads until the server has said that. */
  void await(String words) throws IOException {
    StringBuilder said = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (said.indexOf(words) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("closed after: " + said);
      }
      said.append((char) next);
    }
  }

  /** Sends without ever reading until the server hangs up. */
  void sendUntilClosed(String text, int most) throws IOException {
    try {
      for (int i = 0; i < most; i++) {
        send(text);
      }
    } catch (SocketException closed) {
      return;
    }
    throw new AssertionError("the server still listens");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
