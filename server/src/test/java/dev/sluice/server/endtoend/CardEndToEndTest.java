// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.models.testing.EmulatedCard;
import dev.sluice.proto.inference.InferTensorContents;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelReadyRequest;
import dev.sluice.proto.inference.ServerLiveRequest;
import dev.sluice.proto.inference.ServerReadyRequest;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server on an emulated card: what clients, operators and orchestrators see of it. */
final class CardEndToEndTest {
  private static final String[] TEXTS = {"a fox", "b", "the lazy dog 42", "over and over again"};
  private static final EmbedRequest REQUEST = Vectors.texts(TEXTS);

  /** At 5e-6 half the square of the relative error that a card may have. */
  private static final double ALIKE = 0.999_995;

  private static float[][] onCpu;

  @TempDir private Path folder;

  @BeforeAll
  static void begin(@TempDir Path repository) throws Exception {
    EmulatedCard.buildOrSkip();
    onCpu = CardServer.onCpu(repository, REQUEST);
  }

  private CardServer serve(String faults, String... flags) throws Exception {
    return CardServer.start(folder, "capability=80 " + faults, flags);
  }

  private static void assertAlike(float[][] vectors) {
    assertThat(vectors).hasDimensions(onCpu.length, onCpu[0].length);
    for (int row = 0; row < vectors.length; row++) {
      assertThat(Vectors.cosine(vectors[row], onCpu[row])).as(TEXTS[row]).isGreaterThan(ALIKE);
    }
  }

  @Test
  void anEncoderIsServedFromTheCardByEveryProtocolAndDrained() throws Exception {
    try (CardServer server = serve("", "--device", "gpu:0")) {
      server.process().awaitLine("ready");
      assertThat(server.process().log())
          .contains("model 'tiny' runs on SluiceCuda, gpu:0")
          .contains("(fp16) serves on gpu:0 with 2 lane(s)");
      assertThat(server.admin("/models").body())
          .contains("\"device\":\"gpu:0\"", "\"variant\":\"fp16\"", "\"state\":\"ready\"");

      EmbedResponse embedded = server.embeddings().embed(REQUEST);
      assertThat(embedded.getVariant()).isEqualTo("fp16");
      assertAlike(Vectors.of(embedded));
      assertAlike(inferred(server));
      assertAlike(overHttp(server));

      try (Load load = new Load(server.grpcPort(), 8, REQUEST)) {
        load.awaitUnderWay();
        server.process().terminate();
        assertThat(server.process().exitCode()).isZero();
        load.stop();
        assertThat(load.failures())
            .extracting(Status::getCode)
            .allSatisfy(code -> assertThat(code).isEqualTo(Status.Code.UNAVAILABLE));
      }
      assertThat(server.process().log())
          .contains("drained: everything accepted was answered")
          .as("what was never given back")
          .doesNotContain("emulated driver:");
    }
  }

  private static float[][] inferred(CardServer server) {
    InferTensorContents.Builder texts = InferTensorContents.newBuilder();
    Arrays.stream(TEXTS).map(ByteString::copyFromUtf8).forEach(texts::addBytesContents);
    ModelInferResponse answer =
        server
            .inference()
            .modelInfer(
                ModelInferRequest.newBuilder()
                    .setModelName(CardServer.MODEL)
                    .addInputs(
                        InferInputTensor.newBuilder()
                            .setName("text")
                            .setDatatype("BYTES")
                            .addShape(TEXTS.length)
                            .setContents(texts))
                    .build());
    float[] all = Vectors.floats(answer.getRawOutputContents(0));
    int size = all.length / TEXTS.length;
    float[][] rows = new float[TEXTS.length][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(all, row * size, (row + 1) * size));
    return rows;
  }

  private static float[][] overHttp(CardServer server) throws Exception {
    String inputs = "[\"" + String.join("\", \"", TEXTS) + "\"]";
    HttpResponse<String> answer =
        server.post("/v1/embeddings", "{\"model\": \"tiny\", \"input\": " + inputs + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<float[]> rows = new ArrayList<>();
    Matcher row = Pattern.compile("\"embedding\":\\[([^\\]]*)\\]").matcher(answer.body());
    while (row.find()) {
      String[] numbers = row.group(1).split(",", -1);
      float[] vector = new float[numbers.length];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = Float.parseFloat(numbers[i]);
      }
      rows.add(vector);
    }
    return rows.toArray(float[][]::new);
  }

  /** A card that has faulted answers nothing until the process is started again. */
  @Test
  void aFaultOfTheCardTakesTheServerOutOfServiceForWhoeverLooksAfterIt() throws Exception {
    try (CardServer server = serve("fault=300:719", "--device", "gpu:0")) {
      server.process().awaitLine("ready");
      assertThat(server.health("")).isEqualTo(ServingStatus.SERVING);
      assertThat(server.admin("/healthz").statusCode()).isEqualTo(200);
      String reason = untilRefused(server);
      assertThat(reason)
          .isEqualTo(
              "model 'tiny' is out of service: its device has failed, and works again only when"
                  + " this server is started anew");

      assertRefused(server, reason);
      assertNotReady(server);
      assertThat(server.process().log().lines())
          .filteredOn(line -> line.contains("\"level\":\"error\""))
          .as("said once")
          .singleElement()
          .asString()
          .contains("model 'tiny' version 1 (fp16) is out of service for good: the card is out")
          .contains("CUDA_ERROR_LAUNCH_FAILED");
      server.process().terminate();
      assertThat(server.process().exitCode()).as("for who starts it again").isEqualTo(1);
    }
  }

  @Test
  void whoLoadsTheModelAnewAfterAFaultGetsItOnTheCpu() throws Exception {
    try (CardServer server = serve("fault=300:719")) {
      server.process().awaitLine("ready");
      assertThat(untilRefused(server)).contains("its device has failed");
      assertThat(server.health("")).isEqualTo(ServingStatus.NOT_SERVING);

      HttpResponse<String> loaded = server.post("/v2/repository/models/tiny/load", "");
      assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(200);
      assertAlike(Vectors.of(server.embeddings().embed(REQUEST)));
      assertThat(server.admin("/models").body()).contains("\"device\":\"cpu\"");
      assertThat(server.health("")).isEqualTo(ServingStatus.SERVING);
      assertThat(server.admin("/healthz").statusCode()).isEqualTo(200);
    }
  }

  /** Eight calls at a time; those that fail say why. */
  private static String untilRefused(CardServer server) throws Exception {
    for (int round = 0; round < 100; round++) {
      List<Future<EmbedResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(server.embeddingsLater().embed(REQUEST));
      }
      List<Refusal> refused = new ArrayList<>();
      for (Future<EmbedResponse> call : calls) {
        try {
          assertAlike(Vectors.of(call.get()));
        } catch (java.util.concurrent.ExecutionException failed) {
          refused.add(Refusal.of(call));
        }
      }
      if (!refused.isEmpty()) {
        assertThat(refused)
            .allSatisfy(
                each -> {
                  assertThat(each.code()).isEqualTo(Status.Code.UNAVAILABLE);
                  assertThat(each.retryMillis()).isEqualTo(1000);
                });
        return refused.getFirst().message();
      }
    }
    throw new AssertionError("the card has not faulted");
  }

  private static void assertRefused(CardServer server, String reason) throws Exception {
    assertThatThrownBy(() -> server.embeddings().embed(REQUEST))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> {
              assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(refused.getStatus().getDescription()).isEqualTo(reason);
            });
    HttpResponse<String> http =
        server.post("/v1/embeddings", "{\"model\": \"tiny\", \"input\": \"a\"}");
    assertThat(http.statusCode()).isEqualTo(503);
    assertThat(http.body()).contains("its device has failed");
  }

  private static void assertNotReady(CardServer server) throws Exception {
    for (String service : List.of("", "model/tiny", "model/tiny/1")) {
      assertThat(server.health(service)).as(service).isEqualTo(ServingStatus.NOT_SERVING);
    }
    var inference = server.inference();
    assertThat(inference.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isFalse();
    assertThat(inference.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isFalse();
    assertThat(
            inference.modelReady(ModelReadyRequest.newBuilder().setName("tiny").build()).getReady())
        .isFalse();
    for (String path : List.of("/v2/health/live", "/v2/health/ready", "/v2/models/tiny/ready")) {
      assertThat(server.get(path).statusCode()).as(path).isEqualTo(503);
    }
    assertThat(server.admin("/readyz").statusCode()).isEqualTo(503);
    HttpResponse<String> live = server.admin("/healthz");
    assertThat(live.statusCode()).isEqualTo(503);
    assertThat(live.body()).contains("model 'tiny'", "CUDA_ERROR_LAUNCH_FAILED");
    assertThat(server.admin("/models").body())
        .contains("\"state\":\"unavailable\"", "\"reason\":\"its device has failed")
        .contains("\"state\":\"out\"", "\"reason\":\"the card is out of service", "CUDA_ERROR_");
  }

  @Test
  void aBatchThatTheCardRefusesFailsAlone() throws Exception {
    try (CardServer server = serve("graph=12:701", "--device", "gpu:0")) {
      server.process().awaitLine("ready");
      // One text, as a batch of several is halved and run again.
      EmbedRequest one = Vectors.texts(TEXTS[0]);
      List<Status.Code> failures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        try {
          float[] vector = Vectors.of(server.embeddings().embed(one))[0];
          assertThat(Vectors.cosine(vector, onCpu[0])).isGreaterThan(ALIKE);
        } catch (StatusRuntimeException refused) {
          failures.add(refused.getStatus().getCode());
        }
      }
      assertThat(failures).containsExactly(Status.Code.INTERNAL);
      assertThat(server.health("")).isEqualTo(ServingStatus.SERVING);
      assertThat(server.admin("/healthz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aCardWithTooLittleMemoryIsRefusedWhereItIsDemanded() throws Exception {
    try (CardServer server = serve("memory=100000", "--device", "gpu:0")) {
      assertThat(server.process().awaitLine("not served: "))
          .contains(
              "nor by SluiceCuda: weights and 2 lane(s) of ",
              "of device memory needed, 97.7 KiB of the card's 97.7 KiB free");
      assertThat(server.process().awaitLine("not ready")).isNotEmpty();
    }
  }

  @Test
  void aCardWithTooLittleMemoryLeavesTheModelToTheCpuWhereItIsNot() throws Exception {
    try (CardServer server = serve("memory=100000")) {
      server.process().awaitLine("ready");
      assertThat(server.process().log())
          .contains("model 'tiny' runs on OnnxRuntime, cpu, not on SluiceCuda: ")
          .contains("of device memory needed");
      assertAlike(Vectors.of(server.embeddings().embed(REQUEST)));
    }
  }

  @Test
  void noMoreOfTheCardIsTakenThanTheOperatorAllows() throws Exception {
    try (CardServer server = serve("", "--device", "gpu:0", "--gpu-memory", "1MiB")) {
      assertThat(server.process().awaitLine("not served: "))
          .contains("of device memory needed, 1.0 MiB of the budget of 1.0 MiB free");
    }
    try (CardServer server = serve("", "--device", "gpu:0", "--gpu-memory", "50%")) {
      assertThat(server.process().awaitLine("ready")).isEqualTo("ready");
    }
    try (CardServer server = serve("", "--device", "gpu:0", "--gpu-memory", "1%")) {
      assertThat(server.process().awaitLine("not served: ")).contains("the budget of 2.6 MiB free");
    }
  }
}
