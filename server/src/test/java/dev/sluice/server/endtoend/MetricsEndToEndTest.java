// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.StatisticDuration;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.Timings;
import dev.sluice.server.telemetry.Scrape;
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
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the admin port shows of a whole server, beside what its clients saw. */
final class MetricsEndToEndTest {
  private static final String MODEL = "all-minilm-l6-v2";
  private static final double RESOLUTION = 0.008;
  private static final double SECOND = 1e9;

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

  @Test
  void scrapeStatisticsHistogramLogAndClientAgree() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      List<Timings> seen = new ArrayList<>();
      long tokens = 0;
      for (int i = 0; i < 40; i++) {
        EmbedResponse response = server.embeddings().embed(Vectors.texts("one", "two words"));
        seen.add(response.getTimings());
        tokens += response.getUsage().getTokens();
      }
      Scrape scrape = scrape(server);
      ModelStatistics statistics = statistics(server);
      assertThat(scrape.value("sluice_requests_total", "outcome", "ok")).isEqualTo(40);
      assertThat(scrape.value("nv_inference_request_success")).isEqualTo(40);
      assertThat(scrape.value("nv_inference_count")).isEqualTo(80);
      assertThat(scrape.value("sluice_tokens_total")).isEqualTo((double) tokens);
      assertThat(statistics.getInferenceCount()).isEqualTo(80);
      assertThat(scrape.value("nv_inference_exec_count"))
          .isEqualTo((double) statistics.getExecutionCount());
      assertThat(scrape.value("sluice_requests_in_flight")).isZero();
      var stages = statistics.getInferenceStats();
      stage(server, scrape, "total", stages.getSuccess(), nanos(seen, Timings::getTotalNs));
      stage(server, scrape, "encode", stages.getComputeInput(), nanos(seen, Timings::getEncodeNs));
      stage(server, scrape, "queue", stages.getQueue(), nanos(seen, Timings::getQueueNs));
      stage(
          server, scrape, "compute", stages.getComputeInfer(), nanos(seen, Timings::getComputeNs));
    }
  }

  private static List<Long> nanos(
      List<Timings> seen, java.util.function.Function<Timings, Long> stage) {
    return seen.stream().map(stage).sorted().toList();
  }

  private void stage(
      TestServer server,
      Scrape scrape,
      String stage,
      StatisticDuration statistic,
      List<Long> client)
      throws Exception {
    long sum = client.stream().mapToLong(Long::longValue).sum();
    assertThat(statistic.getCount()).isEqualTo(client.size());
    assertThat(statistic.getNs()).isEqualTo(sum);
    assertThat(scrape.value("sluice_stage_duration_seconds_count", "stage", stage))
        .isEqualTo(client.size());
    assertThat(scrape.value("sluice_stage_duration_seconds_sum", "stage", stage))
        .isCloseTo(sum / SECOND, within(1e-9));
    Histogram logged = logged(get(server, "/hlog").body(), stage);
    assertThat(logged.getTotalCount()).isEqualTo(client.size());
    assertThat(logged.getMaxValue()).isCloseTo(client.get(client.size() - 1), within(step(client)));
  }

  private static long step(List<Long> sorted) {
    return Math.max(1024, (long) (sorted.get(sorted.size() - 1) * RESOLUTION));
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
