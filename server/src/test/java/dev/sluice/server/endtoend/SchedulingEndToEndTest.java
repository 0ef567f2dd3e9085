// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static dev.sluice.server.endtoend.HeldModels.POISON;
import static dev.sluice.server.endtoend.HeldModels.await;
import static dev.sluice.server.endtoend.HeldModels.caller;
import static dev.sluice.server.endtoend.HeldModels.metric;
import static dev.sluice.server.endtoend.HeldModels.number;
import static dev.sluice.server.endtoend.HeldModels.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import dev.sluice.proto.v1.EmbedRequest;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of how their calls are put into batches, over real connections. */
final class SchedulingEndToEndTest {
  private static final String WAITING = "sluice_queue_rows";

  @TempDir static Path repository;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    HeldModels.write(repository, "cancelled", "");
    HeldModels.write(repository, "late", "");
    HeldModels.write(repository, "poisoned", "");
    HeldModels.write(repository, "levels", "priority_levels: 6 default_priority_level: 5");
    HeldModels.write(repository, "bounded", "");
    Files.writeString(
        repository.resolve("bounded/model.yaml"), "max_queue_rows: 6\nmax_tenant_share: 0.34\n");
    HeldModels.write(repository, "impossible", "");
    Files.writeString(
        repository.resolve("impossible/model.yaml"), "preferred_batch_rows: [ 2, 8 ]\n");
    texts("narrow", TextModels.MAX_TOKENS - 1);
    texts("wide-enough", TextModels.MAX_TOKENS);
    server =
        TestServer.start(
            Map.of(
                "SLUICE_MODELS_REPOSITORIES",
                repository.toString(),
                "SLUICE_MODELS_LOAD_PROBE",
                "false"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void texts(String name, int maxBatchTokens) throws Exception {
    Path model = TextModels.write(repository, name, "{\"pooling_mode\": \"mean\"}");
    Files.writeString(model.resolve("model.yaml"), "max_batch_tokens: " + maxBatchTokens + "\n");
  }

  private static ModelStatistics statistics(String model) {
    return server
        .inference()
        .modelStatistics(ModelStatisticsRequest.newBuilder().setName(model).build())
        .getModelStats(0);
  }

  @Test
  void aCancelledCallCostsNoCompute() throws Exception {
    Future<ModelInferResponse> call = caller(server).modelInfer(rows("cancelled", 0).build());
    await(1, server, "cancelled", WAITING);
    call.cancel(true);
    await(1, server, "cancelled", "sluice_queue_drops_total", "reason", "cancelled");
    assertThat(metric(server, "cancelled", WAITING)).isZero();

    caller(server).modelInfer(rows("cancelled", 0, 1, 2, 0).build()).get();

    assertThat(statistics("cancelled").getExecutionCount()).isEqualTo(1);
    assertThat(statistics("cancelled").getInferenceCount()).isEqualTo(4);
  }

  @Test
  void anExpiredCallCostsNoCompute() throws Exception {
    Future<ModelInferResponse> call =
        caller(server).modelInfer(rows("late", 0).putParameters("timeout", number(1)).build());

    assertThat(Refusal.of(call).code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(metric(server, "late", "sluice_queue_drops_total", "reason", "expired"))
        .isEqualTo(1);
    caller(server).modelInfer(rows("late", 0, 1, 2, 0).build()).get();
    assertThat(statistics("late").getExecutionCount()).isEqualTo(1);
    assertThat(statistics("late").getInferenceCount()).isEqualTo(4);
  }

  @Test
  void onePoisonedCallHurtsNoneThatShareItsBatch() throws Exception {
    List<Future<ModelInferResponse>> good = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      good.add(caller(server).modelInfer(rows("poisoned", row).build()));
    }
    await(3, server, "poisoned", WAITING);
    Future<ModelInferResponse> bad = caller(server).modelInfer(rows("poisoned", POISON).build());

    assertThat(Refusal.of(bad).code()).isEqualTo(Status.Code.INTERNAL);
    for (int row = 0; row < 3; row++) {
      assertThat(Infer.floats(good.get(row).get(), "y")).containsExactly(5 + row);
    }
    assertThat(metric(server, "poisoned", "sluice_queue_drops_total", "reason", "run_failed"))
        .isEqualTo(1);
    assertThat(metric(server, "poisoned", "sluice_lanes", "state", "fit")).isEqualTo(1);
  }

  /**
   * By arrival the fifth would run first, as the fourth does not fit into its batch; both would be
   * of one class to a model without levels.
   */
  @Test
  void aSmallerLevelGoesFirst() throws Exception {
    Future<ModelInferResponse> fifth = caller(server).modelInfer(rows("levels", 0, 1, 2).build());
    await(3, server, "levels", WAITING);

    caller(server)
        .modelInfer(rows("levels", 0, 1, 2, 0).putParameters("priority", number(4)).build())
        .get();

    assertThat(fifth.isDone()).isFalse();
    assertThat(metric(server, "levels", WAITING)).isEqualTo(3);
    caller(server).modelInfer(rows("levels", 0).build()).get();
    assertThat(Infer.floats(fifth.get(), "y")).containsExactly(5, 6, 7);
  }

  /** Of six rows, two for each tenant, and three for whatever is sheddable. */
  @Test
  void tenantsAndCriticalityComeFromTheMetadata() throws Exception {
    queued(1, "sluice-tenant", "a");
    queued(2, "sluice-tenant", "a");
    Refusal tooMany = Refusal.of(send("sluice-tenant", "a"));
    assertThat(tooMany.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(tooMany.message()).contains("tenant");
    assertThat(tooMany.retryMillis()).isPositive();

    queued(3, "sluice-tenant", "b");
    Refusal shed = Refusal.of(send("sluice-tenant", "c", "sluice-criticality", "sheddable"));
    assertThat(shed.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(metric(server, "bounded", "sluice_queue_drops_total", "reason", "queue_full"))
        .isEqualTo(2);

    // Over HTTP the same, with the time after which to try again.
    try (HttpInfer http = new HttpInfer(server)) {
      HttpResponse<String> refused = http.send("bounded", 0, "", "sluice-tenant", "a").get();
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(Refusal.retryMillis(refused)).isPositive();
    }

    // A fourth row fills the batch.
    send("sluice-tenant", "c", "sluice-criticality", "critical").get();
  }

  private static Future<ModelInferResponse> send(String... metadata) {
    return caller(server, metadata).modelInfer(rows("bounded", 0).build());
  }

  private static void queued(int waiting, String... metadata) throws Exception {
    var unused = send(metadata);
    await(waiting, server, "bounded", WAITING);
  }

  @Test
  void settingsThatCannotWorkRefuseTheModelAndSayWhatWould() {
    assertThat(reason("impossible"))
        .contains("preferred sizes must grow and be 1 to 4, not [2, 8]");
  }

  /** The others are the rest of this class. */
  @Test
  void aBatchTooSmallForTheLongestTextRefusesThatModelAlone() {
    assertThat(reason("narrow"))
        .contains(
            "its batches could not be formed: the largest item needs 512 tokens per batch, but the"
                + " limit allows 511; set it to 512 or more");
    assertThat(reason("wide-enough")).isEmpty();
    EmbedRequest text = Vectors.texts("a text").toBuilder().setModel("wide-enough").build();
    assertThat(server.embeddings().embed(text).getCount()).isEqualTo(1);
  }

  private static String reason(String model) {
    return server
        .inference()
        .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
        .getModelsList()
        .stream()
        .filter(index -> index.getName().equals(model))
        .findFirst()
        .orElseThrow()
        .getReason();
  }
}
