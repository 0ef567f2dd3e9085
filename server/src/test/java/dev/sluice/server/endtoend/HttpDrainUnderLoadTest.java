// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;

/** A server that ends while HTTP requests are under way, over kept connections and over streams. */
final class HttpDrainUnderLoadTest {
  private static final String BODY = "{\"model\":\"\",\"input\":\"some text\"}";
  private static final int CALLERS = 8;
  private static final int MOST_CALLS = 20_000;

  private final CountDownLatch underWay = new CountDownLatch(CALLERS * 3);
  private final AtomicInteger lost = new AtomicInteger();
  private volatile boolean stopped;

  /** Several times, as what must not happen is a matter of moments. */
  @RepeatedTest(3)
  void whatKeptConnectionsSendIsAnsweredUntilTheyAreToldToGo() throws Exception {
    endUnderLoad(this::callOverKeptConnections);
  }

  @RepeatedTest(3)
  void whatStreamsSendIsAnsweredUntilTheyAreToldToGo() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      endUnderLoad(port -> callOverStreams(client, port));
    }
  }

  private interface Caller {
    void run(int port) throws Exception;
  }

  private void endUnderLoad(Caller caller) throws Exception {
    try (TestServer server = TestServer.embedded()) {
      int port = server.server().httpPort();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(Thread.ofPlatform().daemon().start(() -> run(caller, port)));
      }
      assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.drain()).isTrue();
      stopped = true;
      for (Thread one : callers) {
        one.join(TimeUnit.SECONDS.toMillis(60));
      }
      assertThat(lost).hasValue(0);
    }
  }

  private void run(Caller caller, int port) {
    try {
      caller.run(port);
    } catch (ConnectException turnedAway) {
      // After the end nobody listens.
    } catch (Exception | AssertionError cutOff) {
      lost.incrementAndGet();
    }
  }

  /** Ends when it is told to: by "Connection: close", as HTTP/1.1 does. */
  private void callOverKeptConnections(int port) throws IOException {
    byte[] request =
        ("POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: "
                + BODY.length()
                + "\r\n\r\n"
                + BODY)
            .getBytes(US_ASCII);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (int i = 0; i < MOST_CALLS && !stopped; i++) {
        socket.getOutputStream().write(request);
        if (answered(in)) {
          return;
        }
        underWay.countDown();
      }
    }
  }

  /** Reads one answer; whether it is the last of its connection. */
  private static boolean answered(BufferedReader in) throws IOException {
    String line = in.readLine();
    assertThat(line).isEqualTo("HTTP/1.1 200 OK");
    int length = 0;
    boolean last = false;
    for (; line != null && !line.isEmpty(); line = in.readLine()) {
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
      last |= line.equals("connection: close");
    }
    assertThat(in.skip(length)).isEqualTo(length);
    return last;
  }

  private void callOverStreams(HttpClient client, int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + port + "/v1/embeddings"))
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
    for (int i = 0; i < MOST_CALLS && !stopped; i++) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      underWay.countDown();
    }
  }
}
