// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static dev.sluice.server.endtoend.HeldModels.await;
import static dev.sluice.server.endtoend.HeldModels.caller;
import static dev.sluice.server.endtoend.HeldModels.metric;
import static dev.sluice.server.endtoend.HeldModels.number;
import static dev.sluice.server.endtoend.HeldModels.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients are told when more is asked than can be done. Every run takes what the test says, on
 * a clock that the test turns.
 */
final class OverloadEndToEndTest {
  private static final String WAITING = "sluice_queue_rows";
  private static final String DROPS = "sluice_queue_drops_total";
  private static final String SHEDDABLE = "sheddable";
  private static final String CRITICALITY = "sluice-criticality";

  /** So many runs teach the batcher what a run takes. */
  private static final int LESSONS = 40;

  private static final SteppedTime TIME = new SteppedTime();
  private static final Gates GATES = new Gates();

  @TempDir static Path folder;
  private static TestServer server;
  private static HttpInfer http;

  @BeforeAll
  static void start() throws Exception {
    Path repository = folder.resolve("models");
    for (String model : List.of("full", "slow", "promised", "unpromised")) {
      Gates.write(repository, model, 1, "");
    }
    Files.writeString(repository.resolve("full/model.yaml"), "max_queue_rows: 4\n");
    Path config =
        Files.writeString(
            folder.resolve("sluice.yaml"),
            """
            models: {repositories: [%s], load-probe: false, watch-interval: off}
            slo:
              promised:
                - {name: p99, percentile: 99, under: 1s, window: 5m}
            """
                .formatted(repository));
    server = TestServer.start(Optional.of(config), Map.of(), GATES.on(TIME));
    http = new HttpInfer(server);
  }

  @AfterAll
  static void stop() throws Exception {
    GATES.open();
    http.close();
    server.close();
    TIME.close();
  }

  private static ListenableFuture<ModelInferResponse> send(
      String model, long row, String... metadata) {
    return caller(server, metadata).modelInfer(rows(model, row).build());
  }

  private static ListenableFuture<ModelInferResponse> within(
      String model, Duration deadline, long row) {
    ModelInferRequest request =
        rows(model, row).putParameters("timeout", number(deadline.toNanos() / 1000)).build();
    return caller(server).modelInfer(request);
  }

  /** A lane that is free runs one row for so long, often. */
  private static void learn(String model, Duration each) throws Exception {
    for (int i = 0; i < LESSONS; i++) {
      Future<ModelInferResponse> call = send(model, i);
      finish(model, each);
      call.get(1, TimeUnit.MINUTES);
    }
  }

  /** Ends the next run of the model after so long. */
  private static void finish(String model, Duration after) throws Exception {
    Gate.Run run = GATES.of(model).next();
    TIME.step(after);
    run.go();
  }

  @Test
  void whatMattersLessMakesRoomInAFullQueueAndIsToldWhenToComeBack() throws Exception {
    Future<ModelInferResponse> running = send("full", 0);
    Gate.Run run = GATES.of("full").next();
    Future<ModelInferResponse> first = send("full", 1, CRITICALITY, SHEDDABLE);
    await(1, server, "full", WAITING);
    CompletableFuture<HttpResponse<String>> second =
        http.send("full", 2, "", CRITICALITY, SHEDDABLE);
    await(2, server, "full", WAITING);

    Refusal full = Refusal.of(send("full", 3, CRITICALITY, SHEDDABLE));
    assertThat(full.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(full.message()).contains("the queue of model 'full' is full (waiting rows)");
    assertThat(full.retryMillis()).isPositive();

    List<Future<ModelInferResponse>> critical = new ArrayList<>();
    for (int row = 4; row < 8; row++) {
      critical.add(send("full", row));
      await(Math.min(4, row - 1), server, "full", WAITING);
    }
    Refusal shed = Refusal.of(first);
    assertThat(shed.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(shed.message()).contains("others matter more");
    assertThat(shed.retryMillis()).isPositive();
    HttpResponse<String> shedOverHttp = second.get(1, TimeUnit.MINUTES);
    assertThat(shedOverHttp.statusCode()).isEqualTo(429);
    assertThat(shedOverHttp.body()).contains("others matter more");
    assertThat(Refusal.retryMillis(shedOverHttp)).isPositive();
    await(2, server, "full", DROPS, "reason", "shed");

    run.go();
    running.get(1, TimeUnit.MINUTES);
    for (int row = 4; row < 8; row++) {
      Gate.Run next = GATES.of("full").next();
      assertThat(next.rows()).containsExactly((long) row);
      next.go();
      critical.get(row - 4).get(1, TimeUnit.MINUTES);
    }
    assertThat(metric(server, "full", "sluice_rows_total")).isEqualTo(5);
  }

  @Test
  void whatWouldBeLateIsRefusedAtOnceWithTheTimeByWhichItWouldBe() throws Exception {
    learn("slow", Duration.ofSeconds(1));

    Refusal late = Refusal.of(within("slow", Duration.ofMillis(100), 1));
    assertThat(late.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(late.message()).contains("could not answer before the deadline");
    assertThat(late.retryMillis()).isBetween(400L, 950L);
    HttpResponse<String> lateOverHttp =
        http.send("slow", 1, "\"timeout\": 100000").get(1, TimeUnit.MINUTES);
    assertThat(lateOverHttp.statusCode()).isEqualTo(429);
    assertThat(Refusal.retryMillis(lateOverHttp)).isEqualTo(late.retryMillis());
    await(2, server, "slow", DROPS, "reason", "would_be_late");
    assertThat(GATES.of("slow").isEmpty()).isTrue();

    Future<ModelInferResponse> inTime = within("slow", Duration.ofSeconds(10), 1);
    finish("slow", Duration.ofSeconds(1));
    inTime.get(1, TimeUnit.MINUTES);
  }

  /**
   * A run takes 50 ms and nobody set a target wait. With 99 % promised within 1 s, a critical call
   * may wait for half of that, and a sheddable one for a quarter of the half.
   */
  @Test
  void aPromisedLatencyKeepsTheQueueShort() throws Exception {
    Duration each = Duration.ofMillis(50);
    List<Future<ModelInferResponse>> all = overload("promised", each);
    Refusal shed = Refusal.of(send("promised", 1));
    assertThat(shed.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(shed.message()).contains("others matter more");
    assertThat(shed.retryMillis()).isPositive();
    for (int waiting = 23; waiting >= 5; waiting--) {
      finish("promised", each);
      await(waiting, server, "promised", WAITING);
    }

    Refusal sheddable = Refusal.of(send("promised", 1, CRITICALITY, SHEDDABLE));
    assertThat(sheddable.message()).contains("others matter more");
    all.add(send("promised", 1));
    await(6, server, "promised", WAITING);
    await(2, server, "promised", DROPS, "reason", "shed");
    GATES.of("promised").open();
    for (Future<ModelInferResponse> call : all) {
      call.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void withoutAPromiseTheQueueFills() throws Exception {
    List<Future<ModelInferResponse>> all = overload("unpromised", Duration.ofMillis(50));
    double waiting = metric(server, "unpromised", WAITING);
    all.add(send("unpromised", 1));
    await(waiting + 1, server, "unpromised", WAITING);
    GATES.of("unpromised").open();
    for (Future<ModelInferResponse> call : all) {
      call.get(1, TimeUnit.MINUTES);
    }
  }

  /** More than a second's work waits, and has for 200 ms. */
  private static List<Future<ModelInferResponse>> overload(String model, Duration each)
      throws Exception {
    learn(model, each);
    List<Future<ModelInferResponse>> calls = new ArrayList<>();
    for (int row = 0; row < 30; row++) {
      calls.add(send(model, row));
    }
    await(29, server, model, WAITING);
    for (int i = 0; i < 5; i++) {
      finish(model, each);
    }
    await(24, server, model, WAITING);
    return calls;
  }
}
