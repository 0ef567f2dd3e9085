// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proto.prometheus.MetricFamily;
import dev.sluice.server.slo.Objective;
import dev.sluice.server.slo.Objectives;
import dev.sluice.server.slo.SloBook;
import dev.sluice.server.slo.SloFamilies;
import dev.sluice.server.slo.Target;
import dev.sluice.server.telemetry.Exposition;
import dev.sluice.server.telemetry.HistogramLogs;
import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.ModelMeter;
import dev.sluice.server.telemetry.Outcome;
import dev.sluice.server.telemetry.Scrape;
import dev.sluice.server.telemetry.StageTimes;
import dev.sluice.server.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin port through real sockets, with good and bad clients. */
final class AdminServerTest {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final AtomicReference<Optional<String>> lost = new AtomicReference<>(Optional.empty());
  private final AtomicReference<String> level = new AtomicReference<>("info");
  private final Telemetry telemetry = new Telemetry(() -> 0);
  private final AtomicLong clock = new AtomicLong();
  private final SloBook slos =
      new SloBook(
          new Objectives(
              Map.of(
                  "m",
                  List.of(
                      new Objective.Latency(
                          "p50", new Target(500_000), Duration.ofMillis(1), MINUTE, 2),
                      new Objective.Availability("up", new Target(750_000), MINUTE, 4)),
                  "gone",
                  List.of(new Objective.Availability("up", new Target(999_000), MINUTE, 1000)))),
          telemetry,
          clock::get);
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server = start(AdminSettings.defaults());
  }

  private AdminServer start(AdminSettings settings) throws IOException {
    return AdminServer.start(
        InetAddress.getLoopbackAddress(),
        0,
        settings,
        new AdminParts(
            new Exposition(telemetry, new SloFamilies(slos), AdminServer::networkBufferBytes, "1"),
            new HistogramLogs(telemetry),
            slos::report,
            lost::get,
            ready::get,
            () -> List.of(Map.of("name", "m\n", "lanes", 2)),
            new Levels(),
            telemetry));
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  private final class Levels implements AdminParts.LevelControl {
    @Override
    public String level() {
      return level.get();
    }

    @Override
    public boolean set(String wanted) {
      boolean known = Set.of("info", "debug").contains(wanted);
      if (known) {
        level.set(wanted);
      }
      return known;
    }
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, "", headers);
  }

  @Test
  void metricsAreAScrapeInTheFormatThatTheClientReads() throws Exception {
    try (var registered = telemetry.register(new ModelLabels("m", "1", "fp32"))) {
      registered.meter().accepted();
      HttpResponse<String> plain = get("/metrics");
      assertThat(plain.statusCode()).isEqualTo(200);
      assertThat(plain.headers().firstValue("content-type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
      assertThat(Scrape.of(plain.body()).value("sluice_requests_in_flight")).isEqualTo(1);
      HttpResponse<String> open =
          get("/metrics", "accept", "application/openmetrics-text;version=1.0.0;q=0.75,*/*;q=0.1");
      assertThat(open.headers().firstValue("content-type"))
          .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
      assertThat(Scrape.ofOpenMetrics(open.body()).value("sluice_requests_in_flight")).isEqualTo(1);
      String protobuf =
          "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
              + " encoding=delimited";
      HttpRequest wish =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
              .header("accept", protobuf + ";q=0.9,text/plain;q=0.5")
              .build();
      HttpResponse<InputStream> binary = http.send(wish, HttpResponse.BodyHandlers.ofInputStream());
      assertThat(binary.headers().firstValue("content-type")).hasValue(protobuf);
      assertThat(MetricFamily.parseDelimitedFrom(binary.body()).getName())
          .isEqualTo("sluice_requests_total");
    }
  }

  @Test
  void readinessFollowsTheServerAndLivenessDoesNot() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    ready.set(false);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void aServerThatOnlyAStartCanHelpIsNotLiveAndSaysWhy() throws Exception {
    lost.set(Optional.of("model 'm': the card is gone"));
    HttpResponse<String> dead = get("/healthz");
    assertThat(dead.statusCode()).isEqualTo(503);
    assertThat(dead.body()).startsWith("to be started again: model 'm': the card is gone");
  }

  @Test
  void modelsAreJson() throws Exception {
    HttpResponse<String> models = get("/models");
    assertThat(models.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(models.body()).contains("\"name\":\"m\\n\"", "\"lanes\":2");
  }

  @Test
  void theLogLevelIsReadAndSetByBodyOrQueryAndNothingElse() throws Exception {
    assertThat(get("/loglevel").body()).contains("{\"level\":\"info\"}");
    assertThat(send("PUT", "/loglevel", " DEBUG\n").body()).contains("{\"level\":\"debug\"}");
    assertThat(send("POST", "/loglevel?level=info", "").statusCode()).isEqualTo(200);
    assertThat(level.get()).isEqualTo("info");
    assertThat(send("PUT", "/loglevel", "loud").statusCode()).isEqualTo(400);
    assertThat(send("PUT", "/loglevel", "").statusCode()).isEqualTo(400);
    assertThat(send("PUT", "/loglevel?level=debug&level=debug", "").statusCode()).isEqualTo(400);
    assertThat(send("DELETE", "/loglevel", "").statusCode()).isEqualTo(405);
    assertThat(level.get()).isEqualTo("info");
  }

  @Test
  void threadsShowWhatTheServersOwnThreadsDo() throws Exception {
    assertThat(get("/threads").body())
        .containsPattern("(?m)^\"sluice-admin-io-[0-9]+-1\" RUNNABLE$")
        .contains("    at ");
  }

  @Test
  void theHistogramLogIsOfEverythingOrOfTheLastInterval() throws Exception {
    try (var registered = telemetry.register(new ModelLabels("m", "1", "fp32"))) {
      registered.meter().accepted();
      assertThat(get("/hlog").body()).contains("#[Histogram log format", "Tag=m:1:fp32:total,");
      assertThat(get("/hlog?of=interval").body()).doesNotContain("Tag=");
      assertThat(get("/hlog?of=all").statusCode()).isEqualTo(400);
    }
  }

  private void fourRequests(ModelMeter meter) {
    meter.answered(new StageTimes(0, 0, 0, 0, 0, 500_000));
    meter.answered(new StageTimes(0, 0, 0, 0, 0, 700_000));
    meter.failed(Outcome.INTERNAL, 1);
    meter.failed(Outcome.OVERLOADED, 1);
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void verdictsAreJsonOfAStableShape() throws Exception {
    try (var registered = telemetry.register(new ModelLabels("m", "1", "fp32"))) {
      fourRequests(registered.meter());
      HttpResponse<String> all = get("/slo");
      assertThat(all.headers().firstValue("content-type")).hasValue("application/json");
      assertThat(all.body())
          .startsWith("{\"verdict\":\"BREACH\",\"models\":[{\"model\":\"gone\",\"loaded\":false,")
          .contains("\"reason\":\"no requests in the window, it takes 1000\",")
          .contains("\"availability\":{\"percent\":99.9},");
      assertThat(get("/slo?model=m").body())
          .isEqualTo(
              """
              {"verdict":"BREACH","models":[{"model":"m","loaded":true,"verdict":"BREACH",\
              "objectives":[{"name":"p50","verdict":"PASS","reason":"",\
              "latency":{"percentile":50.0,"under_ms":1.0,"measured_ms":0.499712},\
              "window_seconds":60.0,"min_requests":2,"total":2,"good":2,\
              "budget_left":1.0,"burn_rate":0.0,"burn_rate_short":0.0},\
              {"name":"up","verdict":"BREACH","reason":"",\
              "availability":{"percent":75.0,"measured_percent":50.0},\
              "window_seconds":60.0,"min_requests":4,"total":4,"good":2,\
              "budget_left":-1.0,"burn_rate":2.0,"burn_rate_short":2.0}]}]}
              """);
      assertThat(get("/slo?model=nobody").body())
          .isEqualTo("{\"verdict\":\"NO_DATA\",\"models\":[]}\n");
      assertThat(get("/slo?model=m&model=n").statusCode()).isEqualTo(400);
      assertThat(send("POST", "/slo", "").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void verdictsAreMetricsToo() throws Exception {
    try (var registered = telemetry.register(new ModelLabels("m", "1", "fp32"))) {
      fourRequests(registered.meter());
      Scrape scrape = Scrape.of(get("/metrics").body());
      String[] up = {"model", "m", "objective", "up"};
      assertThat(scrape.value("sluice_slo_budget_left", up)).isEqualTo(-1);
      for (String window : List.of("full", "short")) {
        assertThat(
                scrape.value(
                    "sluice_slo_burn_rate", "model", "m", "objective", "up", "window", window))
            .isEqualTo(2);
      }
      Map<String, Double> verdicts = Map.of("pass", 0.0, "breach", 1.0, "no_data", 0.0);
      verdicts.forEach(
          (verdict, value) ->
              assertThat(
                      scrape.value(
                          "sluice_slo_verdict",
                          "model",
                          "m",
                          "objective",
                          "up",
                          "verdict",
                          verdict))
                  .isEqualTo(value));
    }
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/").statusCode()).isEqualTo(404);
    assertThat(get("/v2/models/m/infer").statusCode()).isEqualTo(404);
    HttpResponse<String> post = send("POST", "/metrics", "x");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).hasValue("GET");
  }

  @Test
  void webPagesAreTurnedAway() throws Exception {
    assertThat(send("PUT", "/loglevel", "debug", "origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(level.get()).isEqualTo("info");
  }

  @Test
  void aPortThatIsTakenIsAnIoException() {
    assertThatThrownBy(
            () ->
                AdminServer.start(
                    InetAddress.getLoopbackAddress(),
                    server.port(),
                    AdminSettings.defaults(),
                    new AdminParts(
                        new Exposition(telemetry, out -> {}, () -> 0, "1"),
                        new HistogramLogs(telemetry),
                        slos::report,
                        lost::get,
                        ready::get,
                        List::of,
                        new Levels(),
                        telemetry)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNotHttpOrTooLargeIsAnsweredAndHungUpOn() throws Exception {
    String header = "x".repeat(10_000);
    assertThat(untilClosed("\u0000\u0001nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(untilClosed("GET /" + header + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(untilClosed("GET /healthz HTTP/1.1\r\na: " + header + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(untilClosed("PUT /loglevel HTTP/1.1\r\ncontent-length: 5000\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(
            untilClosed(
                "PUT /loglevel HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n"
                    + "y".repeat(2000)
                    + "\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(untilClosed("GET /%zz HTTP/1.1\r\nconnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    String next = " HTTP/1.1\r\n";
    String three =
        String.join(next, "GET /healthz", "\r\nGET /none", "\r\nGET /readyz", "")
            + "connection: close\r\n\r\n";
    assertThat(untilClosed(three)).containsSubsequence(" 200 ", "live", " 404 ", " 200 ", "ready");
  }

  @Test
  void aConnectionThatSendsNothingOrTricklesOrDoesNotReadIsClosed() throws Exception {
    server.close();
    server = start(new AdminSettings(4096, 8192, 1024, 64, Duration.ofMillis(200)));
    assertThat(untilClosed("")).isEmpty();
    assertThat(untilClosed("GET /metrics HTTP/1.1\r\nslow: ")).isEmpty();
    // Answers pile up unread until the socket is full; then the next request is one too many.
    try (Socket deaf = connect()) {
      deaf.setReceiveBufferSize(1024);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000_000; i++) {
                  deaf.getOutputStream().write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void oneConnectionTooManyIsClosedAndTheOthersStay() throws Exception {
    server.close();
    server = start(new AdminSettings(4096, 8192, 1024, 2, Duration.ofMinutes(1)));
    try (Socket one = connect();
        Socket two = connect()) {
      assertThat(healthy(one)).isTrue();
      assertThat(healthy(two)).isTrue();
      assertThat(untilClosed("")).isEmpty();
      assertThat(healthy(one)).isTrue();
    }
  }

  private static boolean healthy(Socket socket) throws IOException {
    socket.getOutputStream().write("GET /healthz HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (!answer.toString().endsWith("live\n")) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      answer.append((char) next);
    }
    return true;
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** What the server says before it hangs up; a reset is a way of hanging up. */
  private String untilClosed(String sent) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(sent.getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[4096];
      try {
        for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
          answer.append(new String(buffer, 0, n, US_ASCII));
        }
      } catch (java.net.SocketException reset) {
        return answer.toString();
      }
      return answer.toString();
    }
  }
}
