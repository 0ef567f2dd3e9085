// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static dev.sluice.server.endtoend.HeldModels.POISON;
import static dev.sluice.server.endtoend.HeldModels.await;
import static dev.sluice.server.endtoend.HeldModels.caller;
import static dev.sluice.server.endtoend.HeldModels.metric;
import static dev.sluice.server.endtoend.HeldModels.number;
import static dev.sluice.server.endtoend.HeldModels.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
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
    server = TestServer.repository(repository);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static ModelStatistics statistics(String model) {
    return server
        .inference()
        .modelStatistics(ModelStatisticsRequest.newBuilder().setName(model).build())
        .getModelStats(0);
  }

  private static StatusRuntimeException thrown(Future<ModelInferResponse> call)
      throws InterruptedException {
    try {
      throw new AssertionError("answered: " + call.get());
    } catch (ExecutionException failed) {
      return (StatusRuntimeException) Objects.requireNonNull(failed.getCause());
    }
  }

  private static Status failure(Future<ModelInferResponse> call) throws InterruptedException {
    return thrown(call).getStatus();
  }

  /** As clients are told it. */
  private static Duration retryAfter(StatusRuntimeException refused) throws Exception {
    for (Any detail : Objects.requireNonNull(StatusProto.fromThrowable(refused)).getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        return detail.unpack(RetryInfo.class).getRetryDelay();
      }
    }
    throw new AssertionError("no RetryInfo", refused);
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

    assertThat(failure(call).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
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

    assertThat(failure(bad).getCode()).isEqualTo(Status.Code.INTERNAL);
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
    StatusRuntimeException tooMany = thrown(send("sluice-tenant", "a"));
    assertThat(tooMany.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(tooMany.getStatus().getDescription()).contains("tenant");
    assertThat(Durations.toNanos(retryAfter(tooMany))).isPositive();

    queued(3, "sluice-tenant", "b");
    Status shed = failure(send("sluice-tenant", "c", "sluice-criticality", "sheddable"));
    assertThat(shed.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(metric(server, "bounded", "sluice_queue_drops_total", "reason", "queue_full"))
        .isEqualTo(2);

    // Over HTTP the same, with the time after which to try again.
    HttpResponse<String> refused = http("sluice-tenant", "a");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();

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

  private static HttpResponse<String> http(String header, String value) throws Exception {
    URI uri =
        URI.create("http://127.0.0.1:" + server.server().httpPort() + "/v2/models/bounded/infer");
    String body =
        "{\"inputs\":[{\"name\":\"i\",\"datatype\":\"INT64\",\"shape\":[1,1],\"data\":[0]}]}";
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri)
              .header(header, value)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void settingsThatCannotWorkRefuseTheModelAndSayWhatWould() {
    assertThat(
            server
                .inference()
                .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                .getModelsList())
        .filteredOn(model -> model.getName().equals("impossible"))
        .singleElement()
        .satisfies(
            model ->
                assertThat(model.getReason())
                    .contains("preferred sizes must grow and be 1 to 4, not [2, 8]"));
  }
}
