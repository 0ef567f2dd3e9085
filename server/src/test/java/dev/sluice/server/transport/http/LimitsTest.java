// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a connection, a body and an answer may hold, at the limit and beyond it. */
final class LimitsTest {
  private static final String ECHO = "{\"model\":\"echo\",\"input\":\"abc\"}";
  private static final String HOLD = "{\"model\":\"hold\",\"input\":\"abc\"}";
  private static final String LIVE = "GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int MEBIBYTE = 1 << 20;

  private static String post(String body) {
    return "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String status(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
  }

  @Test
  void oneConnectionTooManyIsClosedAndTheOthersServed() throws Exception {
    try (HttpTestServer server = new HttpTestServer(TestSettings.connections(2));
        Socket first = server.socket();
        Socket second = server.socket()) {
      send(first, LIVE);
      send(second, LIVE);
      assertThat(status(first)).isEqualTo("HTTP/1.1 200");
      assertThat(status(second)).isEqualTo("HTTP/1.1 200");
      try (Socket third = server.socket()) {
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      send(first, LIVE);
      first.getInputStream().skipNBytes(1);
      second.shutdownOutput();
      // There is room again as soon as the server has seen the other go.
      String answer = "";
      while (answer.isEmpty()) {
        try (Socket fourth = server.socket()) {
          send(fourth, LIVE);
          answer = status(fourth);
        } catch (SocketException turnedAway) {
          answer = "";
        }
      }
      assertThat(answer).isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void aGibibyteThatIsAnnouncedIsRefusedAtOnceAndABodyWithoutLengthCutAtTheLimit()
      throws Exception {
    HttpSettings settings = TestSettings.bodies(MEBIBYTE, 4L * MEBIBYTE);
    try (HttpTestServer server = new HttpTestServer(settings)) {
      String head = "POST /v2/models/echo/infer HTTP/1.1\r\nHost: a\r\n";
      assertThat(server.raw(head + "Content-Length: 1073741824\r\n\r\n"))
          .startsWith("HTTP/1.1 413")
          .contains("{\"error\":\"");
      try (Socket socket = server.socket()) {
        send(socket, head + "Transfer-Encoding: chunked\r\n\r\n");
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        for (int i = 0; i < 256; i++) {
          send(socket, chunk);
        }
        assertThat(status(socket)).isEqualTo("HTTP/1.1 413");
        assertThat(server.server.open().reserved()).isLessThan(MEBIBYTE);
      }
      server.assertNothingHeld();
    }
  }

  @Test
  void bodiesTogetherHaveABudgetAndWhoeverIsBeyondItIsToldToComeBack() throws Exception {
    HttpSettings settings = TestSettings.bodies(MEBIBYTE, 2L * MEBIBYTE);
    try (HttpTestServer server = new HttpTestServer(settings)) {
      String large = HOLD + " ".repeat(MEBIBYTE - HOLD.length());
      try (Socket first = server.socket();
          Socket second = server.socket()) {
        send(first, post(large));
        HttpTestServer.take(server.inference.held);
        send(second, post(large));
        assertThat(status(second)).isEqualTo("HTTP/1.1 429");
        assertThat(server.post("/v1/embeddings", ECHO).statusCode()).isEqualTo(200);
      }
      assertThat(HttpTestServer.take(server.inference.cancelled)).isEqualTo("hold");
      server.assertNothingHeld();
      assertThat(server.post("/v1/embeddings", ECHO + " ".repeat(500_000)).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderAndAFloodOfThemIsCutOff() throws Exception {
    try (HttpTestServer server = new HttpTestServer();
        Socket socket = server.socket()) {
      send(socket, post(HOLD));
      var held = HttpTestServer.take(server.inference.held);
      String flood = LIVE.repeat(50_000);
      Thread flooding = Thread.ofPlatform().daemon().start(() -> pour(socket, flood));
      held.release().run();
      byte[] all = readToTheEnd(socket);
      flooding.join();
      String answers = new String(all, StandardCharsets.ISO_8859_1);
      assertThat(answers).startsWith("HTTP/1.1 200").contains("[0.0,3.0]", "\"live\":true");
      server.assertNothingHeld();
      assertThat(server.post("/v1/embeddings", ECHO).statusCode()).isEqualTo(200);
    }
  }

  private static byte[] readToTheEnd(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketException reset) {
      // Behind the answers, as the client went on sending.
    }
    return all.toByteArray();
  }

  private static void pour(Socket socket, String text) {
    try {
      send(socket, text);
    } catch (IOException closed) {
      // As it should be.
    }
  }

  /** Eight answers of 16 MiB that nobody reads: what is out of them is a few pieces each. */
  @Test
  void answersThatAreNotReadAreHeldOnceAndNotInTheNetworkBuffers() throws Exception {
    HttpSettings settings = HttpSettings.defaults();
    try (HttpTestServer server = new HttpTestServer(settings)) {
      byte[] tensor = new byte[16 * MEBIBYTE];
      String json =
          "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"x\",\"shape\":["
              + tensor.length
              + "],\"datatype\":\"UINT8\",\"parameters\":{\"binary_data_size\":"
              + tensor.length
              + "}}]}";
      Socket[] sockets = new Socket[8];
      long before = direct();
      for (int i = 0; i < sockets.length; i++) {
        sockets[i] = server.socket();
        String head =
            "POST /v2/models/echo/infer HTTP/1.1\r\nHost: a\r\nInference-Header-Content-Length: "
                + json.length()
                + "\r\nContent-Length: "
                + (json.length() + tensor.length)
                + "\r\n\r\n";
        send(sockets[i], head + json);
        sockets[i].getOutputStream().write(tensor);
        assertThat(status(sockets[i])).isEqualTo("HTTP/1.1 200");
      }
      assertThat(server.server.open().reserved()).isGreaterThan(8L * tensor.length);
      assertThat(direct() - before).isLessThan(4L * tensor.length);
      for (Socket socket : sockets) {
        socket.close();
      }
      server.assertNothingHeld();
    }
  }

  private static long direct() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  @Test
  void aPackedBodyHoldsUpNoOtherRequestOfItsEventLoop() throws Exception {
    BlockingQueue<Runnable> large = new LinkedBlockingQueue<>();
    try (HttpTestServer server = new HttpTestServer(HttpSettings.defaults(), large::add)) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (var out = new GZIPOutputStream(packed)) {
        out.write(ECHO.getBytes(StandardCharsets.UTF_8));
      }
      byte[] head = Http2Wire.head("POST", "/v1/embeddings", "content-encoding", "gzip");
      try (Http2Wire client = new Http2Wire(server.socket())) {
        client.send(
            Http2Wire.frame(Http2Wire.HEADERS, Http2Wire.END_HEADERS, 1, head),
            Http2Wire.frame(Http2Wire.DATA, Http2Wire.END_STREAM, 1, packed.toByteArray()));
        Runnable read = HttpTestServer.take(large);
        client.send(Http2Wire.get(3, "/v2/health/live"));
        assertThat(client.await(Http2Wire.Frame::endsStream).stream()).isEqualTo(3);
        read.run();
        assertThat(client.await(Http2Wire.Frame::endsStream).stream()).isEqualTo(1);
      }
    }
  }

  @Test
  void aLargeBodyWhoseClientLeavesIsNotReadAndItsMemoryKeptUntilThen() throws Exception {
    BlockingQueue<Runnable> large = new LinkedBlockingQueue<>();
    try (HttpTestServer server = new HttpTestServer(HttpSettings.defaults(), large::add)) {
      Runnable read;
      try (Socket socket = server.socket()) {
        send(socket, post(HOLD + " ".repeat(200_000)));
        read = HttpTestServer.take(large);
      }
      assertThat(server.server.open().awaitNone(Duration.ofSeconds(60))).isTrue();
      assertThat(server.server.open().reserved()).isGreaterThan(200_000);
      read.run();
      // Given back on the connection's own thread, soon after.
      while (server.server.open().reserved() > 0) {
        assertThat(server.get("/v2/health/live").statusCode()).isEqualTo(200);
      }
      assertThat(server.inference.embedCalls).isEmpty();
    }
  }

  @Test
  void aHalfClosedConnectionIsAClientThatHasGone() throws Exception {
    try (HttpTestServer server = new HttpTestServer();
        Socket socket = server.socket()) {
      send(socket, post(HOLD));
      HttpTestServer.take(server.inference.held);
      socket.shutdownOutput();
      assertThat(HttpTestServer.take(server.inference.cancelled)).isEqualTo("hold");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      server.assertNothingHeld();
    }
  }

  @Test
  void chunksThatAreBrokenAreNoEndOfTheBody() throws Exception {
    try (HttpTestServer server = new HttpTestServer()) {
      String head = "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
      String whole = Integer.toHexString(ECHO.length()) + "\r\n" + ECHO + "\r\n";
      assertThat(server.raw(head + whole + "zz\r\n")).startsWith("HTTP/1.1 400");
      assertThat(server.inference.embedCalls).isEmpty();
    }
  }

  @Test
  void aRequestWithTwoLengthsIsRefusedOrHasOneMeaning() throws Exception {
    try (HttpTestServer server = new HttpTestServer()) {
      String head = "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n";
      assertThat(server.raw(head + "Content-Length: 6\r\n\r\n")).startsWith("HTTP/1.1 400");
      assertThat(server.raw(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + LIVE))
          .startsWith("HTTP/1.1 400")
          .doesNotContain("HTTP/1.1 200");
    }
  }
}
