// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.scripted.ScriptedCatalog;
import dev.sluice.server.transport.scripted.ScriptedInference;
import dev.sluice.server.transport.shared.LogControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A real server on a free port of the loopback, with clients. */
final class HttpTestServer implements AutoCloseable {
  private static final Pattern LEAK =
      Pattern.compile("(java|dev\\.sluice|io\\.netty|com\\.)\\.|Exception|Stream[A-Z]|\\.java");
  private static final int LONG_MILLIS = 60_000;

  final ScriptedInference inference = new ScriptedInference();
  final ScriptedCatalog catalog = new ScriptedCatalog();
  final AtomicLong clock = new AtomicLong(1_000);
  final HttpFrontEnd server;
  private final HttpClient http1 =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpClient http2 =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

  HttpTestServer() throws IOException {
    this(HttpSettings.defaults());
  }

  HttpTestServer(HttpSettings settings) throws IOException {
    AtomicInteger ids = new AtomicInteger();
    server =
        HttpFrontEnd.start(
            InetAddress.getLoopbackAddress(),
            0,
            settings,
            new HttpParts(
                inference,
                catalog,
                RequestTraces.OFF,
                clock::get,
                new MemoryLogControl(),
                () -> "id-" + ids.incrementAndGet(),
                "0.1-test",
                new Telemetry(() -> 0)));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(path, request -> request.GET());
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return send(path, request -> request.POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> change)
      throws Exception {
    HttpResponse<String> answer =
        http1.send(request(path, change), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      assertThat(answer.body()).doesNotContainPattern(LEAK);
    }
    return answer;
  }

  HttpResponse<byte[]> sendForBytes(String path, UnaryOperator<HttpRequest.Builder> change)
      throws Exception {
    return http1.send(request(path, change), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<String> sendByHttp2(String path, UnaryOperator<HttpRequest.Builder> change)
      throws Exception {
    return http2.send(request(path, change), HttpResponse.BodyHandlers.ofString());
  }

  HttpClient http1() {
    return http1;
  }

  private HttpRequest request(String path, UnaryOperator<HttpRequest.Builder> change) {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return change
        .apply(HttpRequest.newBuilder(uri).timeout(Duration.ofMillis(LONG_MILLIS)))
        .build();
  }

  HttpRequest requestTo(String path, String body) {
    return request(path, r -> r.POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(LONG_MILLIS);
    return socket;
  }

  /** Sends bytes and reads all that comes until the server closes. */
  String raw(String text) throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T element = queue.poll(LONG_MILLIS, TimeUnit.MILLISECONDS);
    assertThat(element).as("something should have come").isNotNull();
    return element;
  }

  @Override
  public void close() {
    http1.shutdownNow();
    http2.shutdownNow();
    try {
      server.shutdown(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class MemoryLogControl implements LogControl {
    private volatile Verbosity verbosity = Verbosity.INFO;

    @Override
    public Verbosity verbosity() {
      return verbosity;
    }

    @Override
    public void set(Verbosity value) {
      verbosity = value;
    }
  }
}
