// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static dev.sluice.server.transport.http.Http2Wire.CONTINUATION;
import static dev.sluice.server.transport.http.Http2Wire.DATA;
import static dev.sluice.server.transport.http.Http2Wire.END_HEADERS;
import static dev.sluice.server.transport.http.Http2Wire.HEADERS;
import static dev.sluice.server.transport.http.Http2Wire.PING;
import static dev.sluice.server.transport.http.Http2Wire.RESET;
import static dev.sluice.server.transport.http.Http2Wire.SETTINGS;
import static dev.sluice.server.transport.http.Http2Wire.frame;
import static dev.sluice.server.transport.http.Http2Wire.get;
import static dev.sluice.server.transport.http.Http2Wire.head;
import static dev.sluice.server.transport.http.Http2Wire.post;
import static dev.sluice.server.transport.http.Http2Wire.preface;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.transport.scripted.ScriptedCatalog;
import dev.sluice.server.transport.scripted.ScriptedInference;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slow and stalled clients, on a connection whose time the test moves; nothing really waits. */
final class TimeoutsTest {
  private static final String POST = "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: ";
  private static final String ECHO = "{\"model\":\"echo\",\"input\":\"abc\"}";
  private static final String HOLD = "{\"model\":\"hold\",\"input\":\"abc\"}";
  private final ScriptedInference inference = new ScriptedInference();
  private Shared shared;
  private EmbeddedChannel connection;

  @BeforeEach
  void connect() {
    shared =
        HttpFrontEnd.shared(
            HttpSettings.defaults(),
            HttpTestServer.parts(inference, new ScriptedCatalog(), Runnable::run, () -> 0));
    // HTTP/2 tells servers from clients by the parent of the connection.
    connection = EmbeddedChannel.builder().parent(new LocalServerChannel()).build();
    connection.freezeTime();
    connection
        .pipeline()
        .addLast(new Connections(shared, new DefaultChannelGroup(GlobalEventExecutor.INSTANCE)));
    connection.pipeline().fireChannelActive();
  }

  @AfterEach
  void nothingIsHeld() throws Exception {
    var unused = connection.finishAndReleaseAll();
    assertThat(shared.open().awaitNone(java.time.Duration.ZERO)).isTrue();
    assertThat(shared.open().reserved()).isZero();
  }

  private void send(String text) {
    send(text.getBytes(ISO_8859_1));
  }

  private void send(byte[]... parts) {
    var unused = connection.writeInbound(Unpooled.wrappedBuffer(parts));
  }

  private void pass(long seconds) {
    connection.advanceTimeBy(seconds, TimeUnit.SECONDS);
    connection.runScheduledPendingTasks();
    connection.runPendingTasks();
  }

  private String received() {
    StringBuilder all = new StringBuilder();
    for (Object part = connection.readOutbound(); part != null; part = connection.readOutbound()) {
      ByteBuf bytes = (ByteBuf) part;
      all.append(bytes.toString(ISO_8859_1));
      bytes.release();
    }
    return all.toString();
  }

  /** Whether a frame of that type was sent for the stream since the last look. */
  private boolean sent(int type, int stream) {
    byte[] bytes = received().getBytes(ISO_8859_1);
    for (int at = 0; at + 9 <= bytes.length; ) {
      ByteBuf frame = Unpooled.wrappedBuffer(bytes, at, 9);
      int length = frame.readUnsignedMedium();
      if (frame.readByte() == type && frame.skipBytes(1).readInt() == stream) {
        return true;
      }
      at += 9 + length;
    }
    return false;
  }

  @Test
  void aConnectionThatSaysNothingIsClosedAfterTheHeaderTimeout() {
    pass(4);
    assertThat(connection.isActive()).isTrue();
    pass(1);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void headersThatTrickleDoNotEarnMoreTime() {
    send("GET /v2 HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 4; i++) {
      pass(1);
      send("x-" + i + ": y\r\n");
    }
    assertThat(connection.isActive()).isTrue();
    pass(1);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void aKeptConnectionIsClosedWhenItIsIdleOrTricklesItsNextRequest() {
    send("GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(received()).startsWith("HTTP/1.1 200");
    pass(299);
    assertThat(connection.isActive()).isTrue();
    send("G");
    pass(4);
    assertThat(connection.isActive()).isTrue();
    pass(1);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void aKeptConnectionIsClosedAfterTheIdleTimeout() {
    send("GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n");
    pass(300);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void aBodyThatDoesNotComeIsAnsweredAndTheConnectionClosed() {
    send(POST + "1000\r\n\r\n");
    pass(29);
    assertThat(received()).isEmpty();
    pass(1);
    assertThat(received()).startsWith("HTTP/1.1 408").contains("connection: close");
    pass(2);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void aBodyThatMovesHasTheTimeAgainAndAGoodStartEarnsNothingForLater() {
    send(POST + "1000000\r\n\r\n");
    send(new byte[300 * 1024]);
    pass(30);
    send(new byte[30 * 1024]);
    pass(30);
    send(new byte[30 * 1024 - 1]);
    pass(29);
    assertThat(received()).isEmpty();
    pass(1);
    assertThat(received()).startsWith("HTTP/1.1 408");
  }

  @Test
  void aRequestThatIsWorkedOnIsNotTooSlow() {
    send(POST + HOLD.length() + "\r\n\r\n" + HOLD);
    pass(3_600);
    assertThat(connection.isActive()).isTrue();
    inference.held.remove().release().run();
    connection.runPendingTasks();
    assertThat(received()).startsWith("HTTP/1.1 200");
  }

  @Test
  void anUpgradeThatDoesNotSendItsBodyIsClosedAfterTheHeaderTimeout() {
    send(
        POST
            + "100\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n{");
    pass(5);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void anUpgradeWithALargeBodyHasTheTimeAndTheLimitsOfAnyBody() {
    send(
        POST
            + "1000000\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
    pass(29);
    assertThat(connection.isActive()).isTrue();
    pass(1);
    assertThat(received()).startsWith("HTTP/1.1 408");
  }

  @Test
  void streamsWithoutEndOfHeadersEndTheConnectionWhateverElseGoesOn() {
    send(preface(), post(1, "/v1/embeddings", HOLD), frame(HEADERS, 0, 3, head("GET", "/v2")));
    pass(4);
    assertThat(connection.isActive()).isTrue();
    send(frame(CONTINUATION, 0, 3));
    pass(1);
    assertThat(connection.isActive()).isFalse();
    assertThat(inference.cancelled).hasSize(1);
  }

  @Test
  void aFrameThatIsBegunAndNotEndedEndsTheConnection() {
    send(preface(), new byte[] {0, 0, 8, PING});
    pass(5);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void anIdleHttp2ConnectionIsToldAndClosed() {
    send(preface(), get(1, "/v2/health/live"));
    pass(299);
    assertThat(connection.isActive()).isTrue();
    var unused = received();
    pass(1);
    assertThat(sent(Http2Wire.GO_AWAY, 0)).isTrue();
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void streamsThatWereResetDoNotKeepAnIdleConnection() {
    send(preface(), post(1, "/v1/embeddings", HOLD), frame(RESET, 0, 1, Http2Wire.number(8)));
    assertThat(inference.cancelled).hasSize(1);
    pass(300);
    assertThat(connection.isActive()).isFalse();
  }

  @Test
  void aStreamWhoseBodyDoesNotComeIsAnsweredAndTheOthersGoOn() {
    send(preface(), frame(HEADERS, END_HEADERS, 1, head("POST", "/v1/embeddings")));
    send(frame(DATA, 0, 1, (byte) '{'), post(3, "/v1/embeddings", HOLD));
    var before = received();
    assertThat(before).isNotEmpty();
    pass(31);
    assertThat(sent(HEADERS, 1)).isTrue();
    assertThat(connection.isActive()).isTrue();
    inference.held.remove().release().run();
    connection.runPendingTasks();
    assertThat(sent(HEADERS, 3)).isTrue();
  }

  @Test
  void aStreamThatIsNeverReadIsResetAndTheOthersGoOn() {
    byte[] noWindow = {0, 4, 0, 0, 0, 0};
    send(preface(), frame(SETTINGS, 0, 0, noWindow), post(1, "/v1/embeddings", ECHO));
    pass(29);
    assertThat(sent(RESET, 1)).isFalse();
    assertThat(shared.open().reserved()).isPositive();
    pass(1);
    assertThat(sent(RESET, 1)).isTrue();
    assertThat(shared.open().reserved()).isZero();
    send(get(3, "/v2/health/live"));
    assertThat(sent(HEADERS, 3)).isTrue();
  }
}
