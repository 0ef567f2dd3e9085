// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HostileTest {
  private static final String CRLF = "\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked";
  private static final int MAX_BODY = 64 << 10;
  private static final String ECHO = "{\"model\":\"echo\",\"input\":\"abc\"}";
  private HttpTestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HttpTestServer(TestSettings.bodies(MAX_BODY, 1 << 20));
  }

  private HttpTestServer small() {
    return server;
  }

  @AfterEach
  void othersAreUnharmed() throws Exception {
    assertThat(server.post("/v1/embeddings", ECHO).statusCode()).isEqualTo(200);
    server.close();
  }

  @Test
  void aBodyThatAnnouncesTooMuchIsRefusedBeforeItComes() throws Exception {
    String length = "Content-Length: " + (MAX_BODY + 1);
    assertThat(
            small().raw(String.join(CRLF, "POST /v1/embeddings HTTP/1.1", "Host: a", length, CRLF)))
        .startsWith("HTTP/1.1 413")
        .contains("connection: close", "\"invalid_request_error\"");
  }

  @Test
  void aBodyWithoutLengthIsCutAtTheLimit() throws Exception {
    String lines =
        String.join(CRLF, "POST /v2/models/echo/infer HTTP/1.1", "Host: a", CHUNKED, CRLF);
    String chunk = String.join(CRLF, "400", "x".repeat(0x400), "");
    assertThat(small().raw(lines + chunk.repeat(65)))
        .startsWith("HTTP/1.1 413")
        .contains("{\"error\":\"");
  }

  @Test
  void chunksOfOneByteMakeTheSameRequest() throws Exception {
    String lines =
        String.join(
            CRLF, "POST /v1/embeddings HTTP/1.1", "Host: a", "Connection: close", CHUNKED, CRLF);
    StringBuilder chunks = new StringBuilder();
    ECHO.chars().forEach(c -> chunks.append(1).append(CRLF).append((char) c).append(CRLF));
    assertThat(small().raw(lines + chunks + String.join(CRLF, "0", CRLF)))
        .startsWith("HTTP/1.1 200")
        .contains("[0.0,3.0]");
  }

  @Test
  void floodsOfHeadersAndLongLinesAreRefused() throws Exception {
    assertThat(small().raw("GET /v2 HTTP/1.1\r\n" + "a: b\r\n".repeat(5_000)))
        .startsWith("HTTP/1.1 431");
    assertThat(server.raw("GET /" + "a".repeat(20_000))).startsWith("HTTP/1.1 414");
  }

  @Test
  void garbageBehindARequestIsAnsweredAfterItAndEndsTheConnection() throws Exception {
    String answers =
        small().raw("GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n\u0001\u0002 garbage\r\n\r\n");
    assertThat(answers).startsWith("HTTP/1.1 200").contains("HTTP/1.1 400");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    String hold = "{\"model\":\"hold\",\"input\":\"abc\"}";
    try (Socket socket = small().socket()) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: "
                      + hold.length()
                      + "\r\n\r\n"
                      + hold
                      + "GET /v2/health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      HttpTestServer.take(server.inference.held).release().run();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .containsSubsequence("[0.0,3.0]", "\"live\":true");
    }
  }

  @Test
  void aClientThatGoesAwayTakesItsRequestBack() throws Exception {
    String hold = "{\"model\":\"hold\",\"input\":\"abc\"}";
    try (Socket socket = small().socket()) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: "
                      + hold.length()
                      + "\r\n\r\n"
                      + hold)
                  .getBytes(StandardCharsets.UTF_8));
      HttpTestServer.take(server.inference.held);
    }
    assertThat(HttpTestServer.take(server.inference.cancelled)).isEqualTo("hold");
  }
}
