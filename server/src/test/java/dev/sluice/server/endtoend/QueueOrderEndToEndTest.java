// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static dev.sluice.server.endtoend.HeldModels.await;
import static dev.sluice.server.endtoend.HeldModels.caller;
import static dev.sluice.server.endtoend.HeldModels.metric;
import static dev.sluice.server.endtoend.HeldModels.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelInferResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order requests run and answers leave, as a Triton configuration asks for it. */
final class QueueOrderEndToEndTest {
  private static final String WAITING = "sluice_queue_rows";
  private static final String TIMEOUT = "default_timeout_microseconds: 5000";

  private static final SteppedTime TIME = new SteppedTime();
  private static final Gates GATES = new Gates();

  @TempDir static Path repository;
  private static TestServer server;
  private static HttpInfer http;

  @BeforeAll
  static void start() throws Exception {
    Gates.write(repository, "ordered", 2, "preserve_ordering: true");
    Gates.write(repository, "unordered", 2, "");
    Gates.write(repository, "rejects", 1, "default_queue_policy { " + TIMEOUT + " }");
    Gates.write(
        repository, "delays", 1, "default_queue_policy { timeout_action: DELAY " + TIMEOUT + " }");
    Gates.write(repository, "weighted", 1, "");
    Files.writeString(repository.resolve("weighted/model.yaml"), "tenant_weights: {gold: 3}\n");
    server =
        TestServer.start(
            Optional.empty(),
            Map.of(
                "SLUICE_MODELS_REPOSITORIES", repository.toString(),
                "SLUICE_MODELS_LOAD_PROBE", "false",
                "SLUICE_MODELS_WATCH_INTERVAL", "off"),
            GATES.on(TIME));
    http = new HttpInfer(server);
  }

  @AfterAll
  static void stop() throws Exception {
    GATES.open();
    http.close();
    server.close();
    TIME.close();
  }

  private static Future<ModelInferResponse> send(String model, long row) {
    return caller(server).modelInfer(rows(model, row).build());
  }

  @Test
  void answersLeaveInTheOrderInWhichRequestsCameIfThatIsAskedFor() throws Exception {
    assertThat(answersWhenTheSecondRunsFaster("ordered")).containsExactly(1L, 2L);
    assertThat(answersWhenTheSecondRunsFaster("unordered")).containsExactly(2L, 1L);
  }

  /** Which answer came first, on one connection whose frames are handled as they come. */
  private static List<Long> answersWhenTheSecondRunsFaster(String model) throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.server().grpcPort(), InsecureChannelCredentials.create())
            .directExecutor()
            .build();
    try {
      var stub = GRPCInferenceServiceGrpc.newFutureStub(channel);
      List<Long> answered = new CopyOnWriteArrayList<>();
      Gate gate = GATES.of(model);
      ListenableFuture<ModelInferResponse> first = stub.modelInfer(rows(model, 1).build());
      first.addListener(() -> answered.add(1L), Runnable::run);
      Gate.Run slow = gate.next();
      ListenableFuture<ModelInferResponse> second = stub.modelInfer(rows(model, 2).build());
      second.addListener(() -> answered.add(2L), Runnable::run);
      Gate.Run fast = gate.next();
      Future<ModelInferResponse> third = stub.modelInfer(rows(model, 3).build());
      assertThat(fast.rows()).containsExactly(2L);

      fast.go();
      Gate.Run afterFast = gate.next(); // by the same lane, which is through with the second
      slow.go();
      first.get(1, TimeUnit.MINUTES);
      second.get(1, TimeUnit.MINUTES);
      afterFast.go();
      third.get(1, TimeUnit.MINUTES);
      return answered;
    } finally {
      channel.shutdownNow();
    }
  }

  /** By arrival all of one tenant would go first, and by halves four of the first eight. */
  @Test
  void tenantsShareTheLaneByTheWeightsOfTheModel() throws Exception {
    Gate gate = GATES.of("weighted");
    List<Future<ModelInferResponse>> calls = new ArrayList<>();
    calls.add(send("weighted", 0));
    Gate.Run run = gate.next();
    for (String tenant : List.of("free", "gold")) {
      for (int i = 0; i < 8; i++) {
        calls.add(
            caller(server, "sluice-tenant", tenant)
                .modelInfer(rows("weighted", tenant.equals("gold") ? 1 : 0).build()));
      }
    }
    await(16, server, "weighted", WAITING);
    int gold = 0;
    for (int i = 0; i < 8; i++) {
      run.go();
      run = gate.next();
      gold += run.rows().getFirst().intValue();
    }
    assertThat(gold).isBetween(5, 7);
    gate.open();
    run.go();
    for (Future<ModelInferResponse> call : calls) {
      call.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void aRequestThatWaitedForTooLongIsRejectedAndCostsNoCompute() throws Exception {
    Future<ModelInferResponse> running = send("rejects", 0);
    Gate.Run run = GATES.of("rejects").next();
    Future<ModelInferResponse> waiting = send("rejects", 1);
    CompletableFuture<HttpResponse<String>> overHttp = http.send("rejects", 2, "");
    await(2, server, "rejects", WAITING);

    TIME.step(Duration.ofNanos(4_999_000));
    assertThat(metric(server, "rejects", WAITING)).isEqualTo(2);
    TIME.step(Duration.ofNanos(1_000));

    Refusal rejected = Refusal.of(waiting);
    assertThat(rejected.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(rejected.retryMillis()).isNull();
    assertThat(overHttp.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(504);
    run.go();
    running.get(1, TimeUnit.MINUTES);
    await(0, server, "rejects", "sluice_requests_in_flight");
    assertThat(metric(server, "rejects", "sluice_rows_total")).isEqualTo(1);
  }

  @Test
  void aRequestThatWaitedForTooLongIsDelayedBehindTheOthersWhereTheModelSaysSo() throws Exception {
    Gate gate = GATES.of("delays");
    Future<ModelInferResponse> running = send("delays", 0);
    Gate.Run run = gate.next();
    Future<ModelInferResponse> tooLong = send("delays", 1);
    await(1, server, "delays", WAITING);
    TIME.step(Duration.ofMillis(5));
    CompletableFuture<HttpResponse<String>> later = http.send("delays", 2, "");
    await(2, server, "delays", WAITING);

    run.go();
    running.get(1, TimeUnit.MINUTES);
    Gate.Run next = gate.next();
    assertThat(next.rows()).containsExactly(2L);
    next.go();
    assertThat(later.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(200);
    Gate.Run last = gate.next();
    assertThat(last.rows()).containsExactly(1L);
    last.go();
    tooLong.get(1, TimeUnit.MINUTES);
  }
}
