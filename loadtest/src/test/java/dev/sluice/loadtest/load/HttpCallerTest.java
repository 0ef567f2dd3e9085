// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection to a server of the JDK. */
final class HttpCallerTest {
  private static final String REQUEST = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final Deque<Integer> statuses = new ArrayDeque<>(List.of(200, 200, 503));
  private final Loops loops = Loops.start(1);
  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(statuses.remove(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    loops.close();
  }

  private String ending(HttpCaller caller) throws InterruptedException {
    caller.call(
        new Caller.Ended() {
          @Override
          public void good() {
            ends.add("good");
          }

          @Override
          public void bad(String why) {
            ends.add(why);
          }
        });
    return ends.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void oneConnectionIsAskedAgainAndAgain() throws Exception {
    int port = server.getAddress().getPort();
    try (HttpCaller caller =
        HttpCaller.connect(loops, port, REQUEST.getBytes(StandardCharsets.UTF_8))) {
      assertThat(ending(caller)).isEqualTo("good");
      assertThat(ending(caller)).isEqualTo("good");
      assertThat(ending(caller)).isEqualTo("HTTP status 503");
      assertThat(statuses).isEmpty();
    }
  }

  @Test
  void aServerThatGoesAwayIsSaid() throws Exception {
    int port = server.getAddress().getPort();
    try (HttpCaller caller =
        HttpCaller.connect(loops, port, "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8))) {
      // The request never ends: the server waits, until it is stopped.
      caller.call(
          new Caller.Ended() {
            @Override
            public void good() {
              ends.add("good");
            }

            @Override
            public void bad(String why) {
              ends.add(why);
            }
          });
      server.stop(0);
      assertThat(ends.poll(10, TimeUnit.SECONDS)).isNotNull().isNotEqualTo("good");
    }
  }
}
