// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.loadtest.support.LoadTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that a server closes just as a call is sent over them. */
final class HttpResendTest {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  /** What is said to the request of this number on its connection; empty: it is closed. */
  private interface Answers {
    String to(int connection, int request);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private JsonNode run(int calls, Answers answers) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> accept(server, answers));
      LoadTest ran =
          LoadTest.run(
              "--insecure",
              "--target=tei-http",
              "-Ojson",
              "-c1",
              "-n" + calls,
              "127.0.0.1:" + server.getLocalPort());
      return ran.json();
    }
  }

  private void accept(ServerSocket server, Answers answers) {
    try {
      while (true) {
        Socket socket = server.accept();
        int connection = connections.incrementAndGet();
        threads.execute(() -> serve(socket, connection, answers));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket, int connection, Answers answers) {
    try (socket) {
      InputStream in = socket.getInputStream();
      for (int request = 1; read(in); request++) {
        requests.incrementAndGet();
        String answer = answers.to(connection, request);
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        if (!answer.equals(ANSWER)) {
          return;
        }
      }
    } catch (IOException gone) {
      // So is its connection.
    }
  }

  /** A head, and the body that it announces. */
  private static boolean read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.append((char) c);
      if (head.toString().endsWith("\r\n\r\n")) {
        String length = head.toString().replaceAll("(?is).*content-length: *(\\d+).*", "$1");
        in.skipNBytes(Long.parseLong(length));
        return true;
      }
    }
    return false;
  }

  private static void assertOutcome(JsonNode report, String statuses, int resent) {
    assertThat(report.path("statusCodeDistribution").toString()).isEqualTo(statuses);
    assertThat(report.path("sluice").path("resent").asInt()).isEqualTo(resent);
  }

  @Test
  void aCallOverAConnectionThatIsClosedInsteadOfAnsweredIsSentOnceMore() throws Exception {
    // Every third request of a connection finds it closed.
    JsonNode report = run(7, (connection, request) -> request == 3 ? "" : ANSWER);
    assertOutcome(report, "{\"OK\":7}", 3);
    assertThat(requests.get()).isEqualTo(10);
    assertThat(connections.get()).isEqualTo(4);
  }

  @Test
  void itIsSentNoThirdTime() throws Exception {
    JsonNode report = run(1, (connection, request) -> "");
    assertOutcome(report, "{\"Unavailable\":1}", 1);
    assertThat(requests.get()).isEqualTo(2);
  }

  @Test
  void whatHasBegunToBeAnsweredIsNotSentAgain() throws Exception {
    JsonNode report = run(3, (connection, request) -> request == 2 ? "HTTP/1.1 2" : ANSWER);
    assertOutcome(report, "{\"OK\":2,\"Unavailable\":1}", 0);
    assertThat(requests.get()).isEqualTo(3);
  }

  @Test
  void aConnectionThatWasMadeForTheCallIsNoOldOne() throws Exception {
    // The one made before the run ends with its first answer; so each call has one of its own.
    String last = ANSWER.replace("200 OK\r\n", "200 OK\r\nConnection: close\r\n");
    JsonNode report = run(3, (connection, request) -> connection == 2 ? "" : last);
    assertOutcome(report, "{\"OK\":2,\"Unavailable\":1}", 0);
    assertThat(connections.get()).isEqualTo(3);
  }
}
