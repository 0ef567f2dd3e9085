// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static dev.sluice.server.transport.http.Http2Wire.ACK;
import static dev.sluice.server.transport.http.Http2Wire.GO_AWAY;
import static dev.sluice.server.transport.http.Http2Wire.HEADERS;
import static dev.sluice.server.transport.http.Http2Wire.PING;
import static dev.sluice.server.transport.http.Http2Wire.frame;
import static dev.sluice.server.transport.http.Http2Wire.get;
import static dev.sluice.server.transport.http.Http2Wire.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.transport.http.Http2Wire.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of the server as its HTTP clients see it. */
final class HttpDrainTest {
  private static final String HOLD = "{\"model\":\"hold\",\"input\":\"abc\"}";
  private static final String LIVE = "GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n";
  private HttpTestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HttpTestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private CompletableFuture<Boolean> shutdown(Duration grace) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return server.server.shutdown(grace);
          } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
          }
        });
  }

  private static String post11(String body) {
    return "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void afterTheDrainBeganAnswersCloseTheirConnectionsAndReadinessSaysNo() throws Exception {
    server.server.beginDrain();
    assertThat(server.raw(LIVE)).startsWith("HTTP/1.1 200").contains("connection: close");
    assertThat(server.raw("GET /v2/health/ready HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 503")
        .contains("retry-after: 1");
  }

  @Test
  void aRequestThatIsOpenIsAnsweredAndItsConnectionClosed() throws Exception {
    try (Socket socket = server.socket()) {
      send(socket, post11(HOLD));
      var held = HttpTestServer.take(server.inference.held);
      CompletableFuture<Boolean> end = shutdown(Duration.ofSeconds(60));
      awaitRefusal();
      held.release().run();
      assertThat(rest(socket)).startsWith("HTTP/1.1 200").contains("connection: close");
      assertThat(end.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aRequestOnAKeptConnectionThatComesAfterTheEndBeganIsAnswered() throws Exception {
    try (Socket kept = server.socket();
        Socket busy = server.socket()) {
      send(kept, LIVE);
      String first = new String(kept.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(first).isEqualTo("HTTP/1.1 200");
      send(busy, post11(HOLD));
      var held = HttpTestServer.take(server.inference.held);
      CompletableFuture<Boolean> end = shutdown(Duration.ofSeconds(60));
      awaitRefusal();
      send(kept, LIVE);
      assertThat(rest(kept)).contains("HTTP/1.1 200", "connection: close");
      held.release().run();
      assertThat(end.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void idleConnectionsAreClosedAndNotWaitedForLong() throws Exception {
    try (Socket silent = server.socket();
        Socket kept = server.socket()) {
      send(kept, LIVE);
      assertThat(kept.getInputStream().readNBytes(12)).hasSize(12);
      assertThat(shutdown(Duration.ofSeconds(60)).get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(rest(kept)).endsWith("{\"live\":true}");
    }
  }

  @Test
  void whatOutlivesTheGraceIsCutOffAndReported() throws Exception {
    try (Socket socket = server.socket()) {
      send(socket, post11(HOLD));
      HttpTestServer.take(server.inference.held);
      assertThat(shutdown(Duration.ZERO).get(60, TimeUnit.SECONDS)).isFalse();
      assertThat(HttpTestServer.take(server.inference.cancelled)).isEqualTo("hold");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void http2ClientsAreToldWhatIsOnItsWayIsAnsweredAndThenTheLastStreamIsNamed() throws Exception {
    try (Http2Wire client = new Http2Wire(server.socket())) {
      client.send(post(1, "/v1/embeddings", HOLD));
      var held = HttpTestServer.take(server.inference.held);
      CompletableFuture<Boolean> end = shutdown(Duration.ofSeconds(60));
      Frame first = client.await(f -> f.type() == GO_AWAY);
      assertThat(lastStream(first)).isEqualTo(Integer.MAX_VALUE);
      Frame ping = client.await(f -> f.type() == PING);
      // Sent before the goodbye was seen.
      client.send(get(3, "/v2/health/live"));
      client.send(frame(PING, ACK, 0, ping.payload()));
      assertThat(client.await(f -> f.type() == HEADERS).stream()).isEqualTo(3);
      assertThat(lastStream(client.await(f -> f.type() == GO_AWAY))).isEqualTo(3);
      held.release().run();
      assertThat(client.await(f -> f.type() == HEADERS).stream()).isEqualTo(1);
      assertThat(client.rest()).noneMatch(f -> f.type() == HEADERS);
      assertThat(end.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static int lastStream(Frame goAway) {
    assertThat(goAway.errorCode()).isZero();
    return java.nio.ByteBuffer.wrap(goAway.payload()).getInt();
  }

  /** Returns when no new connection is taken. */
  private void awaitRefusal() {
    try {
      for (; ; ) {
        server.socket().close();
      }
    } catch (java.net.SocketException refused) {
      // The end has begun: a listener that closes also resets what it has not taken yet.
    } catch (IOException other) {
      throw new UncheckedIOException(other);
    }
  }
}
