// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static dev.sluice.server.endtoend.HeldModels.FULL;
import static dev.sluice.server.endtoend.HeldModels.await;
import static dev.sluice.server.endtoend.HeldModels.metric;
import static dev.sluice.server.endtoend.HeldModels.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelInferResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model whose queue stands goes over to INT8 and comes back. Its batches wait until they are
 * full, and the clock that brownouts go by is the test's: how fast the machine is plays no part.
 */
final class BrownoutEndToEndTest {
  private static final String MODEL = "held";
  private static final long BUDGET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** The tightest of them is what a brownout goes by. */
  private static final String OBJECTIVES =
      """
      slo:
        "*":
          - {name: half, percentile: 50, under: 10m, window: 1m}
          - {name: fast, percentile: 99, under: 1ms, window: 1m}
          - {name: up, availability: 99, window: 1m}
      """;

  private static final long STAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  @TempDir Path repository;
  @TempDir Path made;

  private final AtomicLong clock = new AtomicLong();

  /** Looks up other numbers than the model itself. */
  private static Path int8(Path folder) throws Exception {
    return new OnnxBuilder()
        .input("i", DType.INT64, -1, 1)
        .output("y", DType.FP32, -1, 1)
        .constant("table", Tensors.fp32(new long[] {3}, 50, 60, 70))
        .node("Gather", List.of("table", "i"), List.of("y"))
        .write(folder.resolve("int8.onnx"));
  }

  private static Future<ModelInferResponse> send(TestServer server) {
    return GRPCInferenceServiceGrpc.newFutureStub(server.channel())
        .modelInfer(rows(MODEL, 0).build());
  }

  /** A batch whose first row waits for several budgets at least; what answered it. */
  private static float waited(TestServer server, String variant) throws Exception {
    List<Future<ModelInferResponse>> batch = new ArrayList<>(List.of(send(server)));
    await(1, server, MODEL, "sluice_queue_rows", "variant", variant);
    long from = System.nanoTime();
    while (System.nanoTime() - from < 5 * BUDGET_NANOS) {
      Thread.onSpinWait();
    }
    return fill(server, batch);
  }

  private static float fill(TestServer server, List<Future<ModelInferResponse>> batch)
      throws Exception {
    while (batch.size() < FULL) {
      batch.add(send(server));
    }
    float answer = 0;
    for (Future<ModelInferResponse> each : batch) {
      answer = Infer.floats(each.get(60, TimeUnit.SECONDS), "y")[0];
    }
    return answer;
  }

  @Test
  void aQueueThatStandsIsServedInInt8UntilItIsCalm() throws Exception {
    HeldModels.write(repository, MODEL, "");
    Files.writeString(
        repository.resolve(MODEL).resolve("model.yaml"), "variants: { policy: brownout }");
    Path config = Files.writeString(made.resolve("sluice.yaml"), OBJECTIVES);
    GivenVariants maker = new GivenVariants();
    maker.put(MODEL, int8(made), GivenVariants.GOOD);
    Map<String, String> settings =
        Map.of(
            "SLUICE_MODELS_REPOSITORIES",
            repository.toString(),
            "SLUICE_MODELS_LOAD_PROBE",
            "false");
    try (TestServer server = TestServer.start(config, settings, clock::get, maker)) {
      await(1, server, MODEL, "sluice_variant_state", "variant", "int8", "state", "ready");
      assertThat(waited(server, "fp32")).isEqualTo(5);
      assertThat(brownout(server)).as("it may be a burst").isZero();

      clock.addAndGet(BUDGET_NANOS);
      assertThat(waited(server, "fp32")).isEqualTo(5);
      assertThat(brownout(server)).isEqualTo(1);
      assertThat(waited(server, "int8")).isEqualTo(50);

      clock.addAndGet(STAY_NANOS - 1);
      assertThat(brownout(server)).as("not calm for long enough").isEqualTo(1);
      clock.addAndGet(1);
      assertThat(fill(server, new ArrayList<>())).isEqualTo(5);
      assertThat(brownout(server)).isZero();
      assertThat(metric(server, MODEL, "sluice_brownout_switches_total", "to", "reduced"))
          .isEqualTo(1);
      assertThat(metric(server, MODEL, "sluice_brownout_switches_total", "to", "full"))
          .isEqualTo(1);
      await(FULL, server, MODEL, "sluice_requests_total", "variant", "int8", "outcome", "ok");
    }
  }

  private static double brownout(TestServer server) throws Exception {
    return metric(server, MODEL, "sluice_brownout");
  }
}
