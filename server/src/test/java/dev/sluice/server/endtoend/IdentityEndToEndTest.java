// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.ModelConfigRequest;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Triton's {@code identity} backend: a repository of it serves, and gives back what came. */
final class IdentityEndToEndTest {
  private static final String TWO =
      """
      backend: "identity"
      max_batch_size: %d
      input [ { name: "A" data_type: TYPE_FP32 dims: [ 2 ] }, { name: "B" data_type: TYPE_STRING dims: [ -1 ] } ]
      output [ { name: "X" data_type: TYPE_FP32 dims: [ 2 ] }, { name: "Y" data_type: TYPE_STRING dims: [ -1 ] } ]
      """;

  @TempDir static Path repository;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    model("whole", TWO.formatted(0));
    model("batched", TWO.formatted(64) + "dynamic_batching { }");
    model(
        "lopsided",
        TWO.formatted(0).replace("\"X\" data_type: TYPE_FP32", "\"X\" data_type: TYPE_FP64"));
    model("outless", TWO.formatted(0).replaceFirst("(?m)^output .*$", ""));
    model("shapeless", "backend: \"identity\"");
    server = TestServer.repository(repository);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void model(String name, String config) throws Exception {
    Path folder = repository.resolve(name);
    Files.createDirectories(folder.resolve("1"));
    Files.writeString(folder.resolve("config.pbtxt"), config);
  }

  private static ModelInferResponse infer(String model, Tensor numbers, Tensor words) {
    ModelInferRequest.Builder request = Infer.on(model);
    Infer.with(request, "A", numbers);
    Infer.with(request, "B", words);
    return server.inference().modelInfer(request.build());
  }

  private static String reason(String model) {
    return server
        .inference()
        .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
        .getModelsList()
        .stream()
        .filter(known -> known.getName().equals(model))
        .findFirst()
        .orElseThrow()
        .getReason();
  }

  @Test
  void inputsComeBackAsOutputsInTheirOrder() {
    Tensor words = BytesTensors.ofStrings(new long[] {3}, List.of("a", "", "öß"));

    ModelInferResponse answer = infer("whole", Tensors.fp32(new long[] {2}, 1.5f, -2), words);

    assertThat(Infer.floats(answer, "X")).containsExactly(1.5f, -2);
    assertThat(answer.getOutputs(1).getName()).isEqualTo("Y");
    assertThat(answer.getOutputs(1).getDatatype()).isEqualTo("BYTES");
    assertThat(answer.getOutputs(1).getShapeList()).containsExactly(3L);
    assertThat(answer.getRawOutputContents(1).asReadOnlyByteBuffer()).isEqualTo(words.data());
  }

  @Test
  void callsThatShareABatchGetTheirOwnRowsBack() throws Exception {
    int callers = 16;
    CountDownLatch together = new CountDownLatch(callers);
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<float[]>> answers =
          IntStream.range(0, callers)
              .mapToObj(
                  caller ->
                      threads.submit(
                          () -> {
                            together.countDown();
                            together.await();
                            return Infer.floats(
                                infer(
                                    "batched",
                                    Tensors.fp32(new long[] {1, 2}, caller, -caller),
                                    BytesTensors.ofStrings(
                                        new long[] {1, 1}, List.of("caller " + caller))),
                                "X");
                          }))
              .toList();
      for (int caller = 0; caller < callers; caller++) {
        assertThat(answers.get(caller).get()).containsExactly(caller, -caller);
      }
    }
  }

  @Test
  void requestsAreCheckedAsForAnyModel() {
    Tensor words = BytesTensors.ofStrings(new long[] {1}, List.of("a"));

    assertThatThrownBy(() -> infer("whole", Tensors.fp32(new long[] {3}, 1, 2, 3), words))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("A");
  }

  @Test
  void itSaysWhatItIs() {
    var config =
        server
            .inference()
            .modelConfig(ModelConfigRequest.newBuilder().setName("batched").build())
            .getConfig();

    assertThat(config.getBackend()).isEqualTo("identity");
    assertThat(config.getPlatform()).isEmpty();
    assertThat(config.getMaxBatchSize()).isEqualTo(64);
  }

  @Test
  void aConfigurationThatIsNoIdentityIsRefusedWithTheReason() {
    assertThat(reason("lopsided"))
        .contains("the output 'X' is FP64 [2], but the input 'A' that it repeats is FP32 [2]");
    assertThat(reason("outless")).contains("as many outputs").contains("there are 2 and 0");
    assertThat(reason("shapeless")).contains("there are 0 and 0");
  }
}
