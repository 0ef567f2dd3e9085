// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static dev.sluice.server.transport.http.Http2Wire.CONTINUATION;
import static dev.sluice.server.transport.http.Http2Wire.DATA;
import static dev.sluice.server.transport.http.Http2Wire.END_HEADERS;
import static dev.sluice.server.transport.http.Http2Wire.END_STREAM;
import static dev.sluice.server.transport.http.Http2Wire.ENHANCE_YOUR_CALM;
import static dev.sluice.server.transport.http.Http2Wire.GO_AWAY;
import static dev.sluice.server.transport.http.Http2Wire.HEADERS;
import static dev.sluice.server.transport.http.Http2Wire.PING;
import static dev.sluice.server.transport.http.Http2Wire.RESET;
import static dev.sluice.server.transport.http.Http2Wire.SETTINGS;
import static dev.sluice.server.transport.http.Http2Wire.WINDOW_UPDATE;
import static dev.sluice.server.transport.http.Http2Wire.frame;
import static dev.sluice.server.transport.http.Http2Wire.get;
import static dev.sluice.server.transport.http.Http2Wire.head;
import static dev.sluice.server.transport.http.Http2Wire.join;
import static dev.sluice.server.transport.http.Http2Wire.number;
import static dev.sluice.server.transport.http.Http2Wire.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.transport.http.Http2Wire.Frame;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 without TLS: clients that behave, and clients that attack. */
final class Http2Test {
  private static final String ECHO = "{\"model\":\"echo\",\"input\":\"abc\"}";
  private static final String HOLD = "{\"model\":\"hold\",\"input\":\"abc\"}";
  private HttpTestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HttpTestServer();
  }

  @AfterEach
  void othersAreUnharmedAndNothingIsHeld() throws Exception {
    assertThat(server.post("/v1/embeddings", ECHO).statusCode()).isEqualTo(200);
    server.assertNothingHeld();
    server.close();
  }

  private Http2Wire connect() throws IOException {
    return new Http2Wire(server.socket());
  }

  @Test
  void manyStreamsOfOneConnectionAreAnswered() throws Exception {
    try (Http2Wire client = connect()) {
      Set<Integer> expected = new HashSet<>();
      for (int stream = 1; stream < 400; stream += 2) {
        client.send(post(stream, "/v1/embeddings", ECHO));
        expected.add(stream);
      }
      while (!expected.isEmpty()) {
        Frame answer = client.await(frame -> frame.type() == HEADERS);
        assertThat(answer.ok()).isTrue();
        assertThat(expected.remove(answer.stream())).isTrue();
      }
    }
  }

  @Test
  void aStreamThatIsHeldHoldsUpNoOther() throws Exception {
    try (Http2Wire client = connect()) {
      client.send(post(1, "/v1/embeddings", HOLD), get(3, "/v2/health/live"));
      assertThat(client.await(Frame::endsStream).stream()).isEqualTo(3);
      HttpTestServer.take(server.inference.held).release().run();
      assertThat(client.await(Frame::endsStream).stream()).isEqualTo(1);
    }
  }

  @Test
  void moreStreamsThanAreAllowedAreRefusedAndTheOthersAnswered() throws Exception {
    try (Http2Wire client = connect()) {
      for (int i = 0; i < 256; i++) {
        client.send(post(1 + 2 * i, "/v1/embeddings", HOLD));
      }
      client.send(get(513, "/v2"));
      assertThat(client.await(frame -> frame.type() == RESET).stream()).isEqualTo(513);
      for (int i = 0; i < 256; i++) {
        HttpTestServer.take(server.inference.held).release().run();
      }
      for (int i = 0; i < 256; i++) {
        assertThat(client.await(frame -> frame.type() == HEADERS).ok()).isTrue();
      }
    }
  }

  @Test
  void aStreamThatIsResetTakesItsRequestBack() throws Exception {
    try (Http2Wire client = connect()) {
      client.send(post(1, "/v1/embeddings", HOLD));
      HttpTestServer.take(server.inference.held);
      client.send(frame(RESET, 0, 1, number(8)));
      assertThat(HttpTestServer.take(server.inference.cancelled)).isEqualTo("hold");
      client.send(get(3, "/v2/health/live"));
      assertThat(client.await(Frame::endsStream).stream()).isEqualTo(3);
    }
  }

  @Test
  void streamsThatAreOpenedAndResetByTheThousandEndTheirConnection() throws Exception {
    try (Http2Wire client = connect()) {
      for (int stream = 1; stream < 20_000; stream += 2) {
        byte[] both =
            join(
                frame(HEADERS, END_HEADERS, stream, head("POST", "/v1/embeddings")),
                frame(RESET, 0, stream, number(8)));
        client.flood(1, both);
      }
      assertCalmed(client);
    }
  }

  @Test
  void resetsThatTheServerIsProvokedToEndTheConnection() throws Exception {
    try (Http2Wire client = connect()) {
      for (int stream = 1; stream < 2_000; stream += 2) {
        byte[] both =
            join(
                frame(HEADERS, END_HEADERS, stream, head("POST", "/v1/embeddings")),
                frame(WINDOW_UPDATE, 0, stream, number(0)));
        client.flood(1, both);
      }
      assertCalmed(client);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PING, SETTINGS, 0x2, 0x55})
  void floodsOfFramesThatAskForNothingEndTheConnection(int type) throws Exception {
    byte[] payload = new byte[type == SETTINGS ? 0 : type == 0x2 ? 5 : 8];
    try (Http2Wire client = connect()) {
      client.flood(5_000, frame(type, 0, type == 0x2 ? 1 : 0, payload));
      assertCalmed(client);
    }
  }

  @Test
  void aFloodOfEmptyDataEndsTheConnection() throws Exception {
    try (Http2Wire client = connect()) {
      client.send(frame(HEADERS, END_HEADERS, 1, head("POST", "/v1/embeddings")));
      client.flood(2_000, frame(DATA, 0, 1));
      assertCalmed(client);
    }
  }

  @Test
  void headersWithoutEndEndTheConnection() throws Exception {
    try (Http2Wire client = connect()) {
      client.send(frame(HEADERS, 0, 1, head("POST", "/v1/embeddings")));
      client.flood(2_000, frame(CONTINUATION, 0, 1));
      assertCalmed(client);
    }
  }

  @Test
  void headersThatAreTooLargeAreRefused() throws Exception {
    try (Http2Wire client = connect()) {
      byte[] large = head("GET", "/v2", "a", "x".repeat(9_000));
      client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, large));
      Frame answer = client.await(frame -> frame.type() == HEADERS || frame.type() == GO_AWAY);
      assertThat(answer.type() == HEADERS && answer.ok()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "-1", "x", "99999999999999999999"})
  void aLengthThatIsNotTheBodysIsNoRequest(String length) throws Exception {
    try (Http2Wire client = connect()) {
      client.send(
          frame(HEADERS, END_HEADERS, 1, head("POST", "/v1/embeddings", "content-length", length)),
          frame(DATA, END_STREAM, 1, ECHO.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      Frame answer = client.await(f -> f.stream() == 1);
      assertThat(answer.ok()).isFalse();
    }
  }

  @Test
  void aSmallRequestUpgradesAndALargeOneIsAnsweredAsItCame() throws Exception {
    assertThat(server.sendByHttp2("/v2", r -> r.GET()).version())
        .isEqualTo(HttpClient.Version.HTTP_2);
    try (HttpTestServer other = new HttpTestServer()) {
      String large = ECHO + " ".repeat(100_000);
      var answer = other.sendByHttp2("/v1/embeddings", r -> r.POST(BodyPublishers.ofString(large)));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  private static void assertCalmed(Http2Wire client) throws IOException {
    List<Frame> frames = client.rest();
    assertThat(frames)
        .filteredOn(frame -> frame.type() == GO_AWAY)
        .extracting(Frame::errorCode)
        .contains(ENHANCE_YOUR_CALM);
  }
}
