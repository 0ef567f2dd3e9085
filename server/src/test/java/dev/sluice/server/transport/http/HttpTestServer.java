// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batching.NanoClock;
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
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  /** Shared and idle between tests; its threads are daemons. */
  private static final ExecutorService LARGE_BODIES =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name("large-", 0).factory());

  final ScriptedInference inference = new ScriptedInference();
  final ScriptedCatalog catalog = new ScriptedCatalog();

  /** Stands still where it is set to; goes by itself while it is 0. */
  final AtomicLong clock = new AtomicLong();

  final HttpFrontEnd server;
  private final HttpClient http1 =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpClient http2 =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

  HttpTestServer() throws IOException {
    this(HttpSettings.defaults());
  }

  HttpTestServer(HttpSettings settings) throws IOException {
    this(settings, LARGE_BODIES);
  }

  HttpTestServer(HttpSettings settings, Executor largeBodies) throws IOException {
    server =
        HttpFrontEnd.start(
            InetAddress.getLoopbackAddress(),
            0,
            settings,
            parts(inference, catalog, largeBodies, this::nanoTime));
  }

  private long nanoTime() {
    long set = clock.get();
    return set == 0 ? System.nanoTime() : set;
  }

  static HttpParts parts(
      ScriptedInference inference, ScriptedCatalog catalog, Executor large, NanoClock clock) {
    AtomicInteger ids = new AtomicInteger();
    return new HttpParts(
        inference,
        catalog,
        RequestTraces.OFF,
        clock,
        new MemoryLogControl(),
        large,
        () -> "id-" + ids.incrementAndGet(),
        "0.1-test",
        new Telemetry(() -> 0));
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

  /** No request is open and no memory reserved, now or soon. */
  void assertNothingHeld() throws InterruptedException {
    assertThat(server.open().awaitNone(Duration.ofMillis(LONG_MILLIS))).isTrue();
    // A body that another thread still read is released right behind that.
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS);
    while (server.open().reserved() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(server.open().reserved()).isZero();
  }

  private HttpRequest request(String path, UnaryOperator<HttpRequest.Builder> change) {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return change
        .apply(HttpRequest.newBuilder(uri).timeout(Duration.ofMillis(LONG_MILLIS)))
        .build();
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
