// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.StatisticDuration;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.Timings;
import dev.sluice.server.telemetry.Scrape;
import dev.sluice.server.telemetry.Stage;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the admin port shows of a whole server, beside what its clients saw. */
final class MetricsEndToEndTest {
  private static final String MODEL = "all-minilm-l6-v2";
  private static final double RESOLUTION = 0.008;
  private static final double LEAST_NANOS = 1024;
  private static final double SECOND = 1e9;
  private static final int CALLS = 40;

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
  }

  private HttpResponse<String> get(TestServer server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.server().adminPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private Scrape scrape(TestServer server) throws Exception {
    return Scrape.of(get(server, "/metrics").body());
  }

  /** Sends one request of two texts and waits for its answer. */
  private interface Caller {
    void call() throws Exception;
  }

  /**
   * Over gRPC each answer says how long the server took for it, so that the server's sums must be
   * those of the answers to the nanosecond. A client of HTTP has but its own clock.
   */
  @Test
  void scrapeStatisticsHistogramLogAndClientAgree() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      List<Timings> seen = new ArrayList<>();
      Histogram client =
          measured(
              () -> seen.add(server.embeddings().embed(Vectors.texts("one", "two")).getTimings()));
      agree(server, client);
      Scrape scrape = scrape(server);
      assertThat(nanos(scrape, "total")).isEqualTo(sum(seen, Timings::getTotalNs));
      assertThat(nanos(scrape, "decode")).isPositive();
      assertThat(nanos(scrape, "decode")).isEqualTo(sum(seen, Timings::getDecodeNs));
      assertThat(nanos(scrape, "encode")).isEqualTo(sum(seen, Timings::getEncodeNs));
      assertThat(nanos(scrape, "queue")).isEqualTo(sum(seen, Timings::getQueueNs));
      assertThat(nanos(scrape, "compute")).isEqualTo(sum(seen, Timings::getComputeNs));
    }
  }

  @Test
  void scrapeStatisticsHistogramLogAndClientAgreeOverHttp() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.server().httpPort() + "/v1/embeddings"))
              .POST(HttpRequest.BodyPublishers.ofString("{\"input\":[\"one\",\"two\"]}"))
              .build();
      Histogram client =
          measured(
              () ->
                  assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                      .isEqualTo(200));
      agree(server, client);
      assertThat(nanos(scrape(server), "decode")).isPositive();
    }
  }

  private static Histogram measured(Caller caller) throws Exception {
    Histogram client = new Histogram(3);
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      caller.call();
      client.recordValue(System.nanoTime() - start);
    }
    return client;
  }

  private static long sum(List<Timings> seen, ToLongFunction<Timings> stage) {
    return seen.stream().mapToLong(stage).sum();
  }

  private static long nanos(Scrape scrape, String stage) {
    return Math.round(scrape.value("sluice_stage_duration_seconds_sum", "stage", stage) * SECOND);
  }

  private void agree(TestServer server, Histogram client) throws Exception {
    Scrape scrape = scrape(server);
    ModelStatistics statistics = statistics(server);
    assertThat(scrape.value("sluice_requests_total", "outcome", "ok")).isEqualTo(CALLS);
    assertThat(scrape.value("nv_inference_request_success")).isEqualTo(CALLS);
    assertThat(scrape.value("nv_inference_count")).isEqualTo(2 * CALLS);
    assertThat(statistics.getInferenceCount()).isEqualTo(2 * CALLS);
    assertThat(scrape.value("sluice_tokens_total")).isEqualTo(6 * CALLS);
    assertThat(scrape.value("nv_inference_exec_count"))
        .isEqualTo((double) statistics.getExecutionCount());
    assertThat(scrape.value("sluice_requests_in_flight")).isZero();
    var stages = statistics.getInferenceStats();
    same(scrape, "total", "request", stages.getSuccess());
    same(scrape, "encode", "compute_input", stages.getComputeInput());
    same(scrape, "queue", "queue", stages.getQueue());
    same(scrape, "compute", "compute_infer", stages.getComputeInfer());
    same(scrape, "split", "compute_output", stages.getComputeOutput());
    String log = get(server, "/hlog").body();
    for (Stage stage : Stage.values()) {
      logged(scrape, log, stage.label());
    }
    enclosed(logged(log, "total"), client);
  }

  private static void same(Scrape scrape, String stage, String triton, StatisticDuration duration) {
    assertThat(duration.getCount()).isEqualTo(CALLS);
    assertThat(nanos(scrape, stage)).isEqualTo(duration.getNs());
    assertThat((long) scrape.value("nv_inference_" + triton + "_duration_us"))
        .isEqualTo(duration.getNs() / 1000);
  }

  /** The log's values are those of the exact sum, each within the resolution. */
  private static void logged(Scrape scrape, String log, String stage) {
    Histogram logged = logged(log, stage);
    assertThat(scrape.value("sluice_stage_duration_seconds_count", "stage", stage))
        .isEqualTo(CALLS);
    assertThat(logged.getTotalCount()).isEqualTo(CALLS);
    double exact = nanos(scrape, stage);
    assertThat(logged.getMean() * CALLS)
        .as(stage)
        .isCloseTo(exact, within(exact * RESOLUTION + CALLS * LEAST_NANOS));
  }

  /**
   * A client's time encloses the server's: it has the two ways through the sockets, the framing of
   * both messages and its own threads on top. How much that is depends on the machine; that no
   * quantile of the server's is above the client's, but for the resolution, does not.
   */
  private static void enclosed(Histogram server, Histogram client) {
    for (double percentile : new double[] {0, 50, 90, 95, 99, 99.9, 100}) {
      assertThat((double) server.getValueAtPercentile(percentile))
          .as("percentile " + percentile)
          .isLessThanOrEqualTo(
              client.getValueAtPercentile(percentile) * (1 + RESOLUTION) + LEAST_NANOS);
    }
  }

  private static Histogram logged(String log, String stage) {
    HistogramLogReader reader =
        new HistogramLogReader(new ByteArrayInputStream(log.getBytes(StandardCharsets.US_ASCII)));
    while (reader.hasNext()) {
      if (reader.nextIntervalHistogram() instanceof Histogram histogram
          && histogram.getTag().equals(MODEL + ":1:fp32:" + stage)) {
        return histogram;
      }
    }
    throw new AssertionError("no " + stage + " in " + log);
  }

  private static ModelStatistics statistics(TestServer server) {
    return server
        .inference()
        .modelStatistics(ModelStatisticsRequest.newBuilder().setName(MODEL).build())
        .getModelStats(0);
  }

  @Test
  void aThousandUnknownModelsMakeNoSeriesAndAreCounted() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      int before = scrape(server).series();
      Random random = new Random(3);
      for (int i = 0; i < 1000; i++) {
        EmbedRequest request =
            Vectors.texts("a").toBuilder()
                .setModel(new UUID(random.nextLong(), random.nextLong()).toString())
                .build();
        assertThatThrownBy(() -> server.embeddings().embed(request))
            .isInstanceOf(StatusRuntimeException.class);
      }
      Scrape after = scrape(server);
      assertThat(after.series()).isEqualTo(before);
      assertThat(after.labelValues("model")).containsExactly(MODEL);
      assertThat(after.value("sluice_requests_refused_total", "reason", "not_found"))
          .isEqualTo(1000);
    }
  }

  @Test
  void refusalsAreCountedByWhyAndWhere() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      EmbedRequest good = Vectors.texts("a");
      refused(server, good.toBuilder().setDimensions(9999).build());
      refused(server, good.toBuilder().setDimensions(385).build());
      refused(server, good.toBuilder().setModel("nobody").build());
      Scrape scrape = scrape(server);
      assertThat(scrape.value("sluice_requests_total", "outcome", "invalid")).isEqualTo(2);
      assertThat(scrape.value("sluice_requests_total", "outcome", "ok")).isZero();
      assertThat(scrape.value("sluice_requests_refused_total", "reason", "not_found")).isEqualTo(1);
      assertThat(scrape.value("nv_inference_request_failure", "reason", "OTHER")).isEqualTo(2);
      assertThat(statistics(server).getInferenceStats().getFail().getCount()).isEqualTo(2);
    }
  }

  @Test
  void whatTheTransportsRefuseIsCountedToo() throws Exception {
    try (TestServer server = TestServer.withoutModels(Map.of())) {
      int port = server.server().httpPort();
      String end = "Host: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\n{";
      RawHttp1.exchange(port, "POST /v1/embeddings HTTP/1.1\r\n" + end);
      RawHttp1.exchange(port, "POST /nowhere HTTP/1.1\r\n" + end);
      RawHttp1.exchange(port, "PUT /v1/embeddings HTTP/1.1\r\n" + end);
      refused(server, EmbedRequest.getDefaultInstance());
      Scrape scrape = scrape(server);
      assertThat(scrape.value("sluice_requests_refused_total", "reason", "invalid")).isEqualTo(2);
      assertThat(scrape.value("sluice_requests_refused_total", "reason", "not_found")).isEqualTo(1);
      assertThat(scrape.value("sluice_requests_refused_total", "reason", "unsupported"))
          .isEqualTo(1);
    }
  }

  private static void refused(TestServer server, EmbedRequest request) {
    assertThatThrownBy(() -> server.embeddings().embed(request))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void modelsShowWhatServesOnWhat() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      assertThat(get(server, "/models").body())
          .contains("\"name\":\"" + MODEL + "\"", "\"state\":\"ready\"", "\"variant\":\"fp32\"")
          .contains("\"device\":", "\"lanes\":");
      assertThat(get(server, "/threads").body()).contains("\"lane-" + MODEL, "\"timer-");
    }
  }

  @Test
  void theAdminPortAnswersWhileTheServerDrainsAndIsGoneAfterwards() throws Exception {
    try (TestServer server = TestServer.start(Map.of("SLUICE_LIFECYCLE_DRAIN_DELAY", "3s"))) {
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
      CompletableFuture<Boolean> drained =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return server.drain();
                } catch (InterruptedException stopped) {
                  throw new IllegalStateException(stopped);
                }
              });
      int readiness = 200;
      while (readiness == 200) {
        readiness = get(server, "/readyz").statusCode();
      }
      assertThat(readiness).isEqualTo(503);
      assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
      assertThat(drained.get()).isTrue();
      assertThatThrownBy(() -> get(server, "/healthz")).isInstanceOf(IOException.class);
    }
  }
}
