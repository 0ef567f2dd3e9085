// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static dev.sluice.server.endtoend.HeldModels.await;
import static dev.sluice.server.endtoend.HeldModels.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.ModelStreamInferResponse;
import dev.sluice.proto.inference.RepositoryModelLoadRequest;
import dev.sluice.proto.inference.RepositoryModelUnloadRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Variants beside their models, over real connections. Every model doubles; what is given as its
 * {@code int8} trebles, so that an answer shows whose it is.
 */
final class VariantsEndToEndTest {
  private static final Metadata.Key<String> VARIANT =
      Metadata.Key.of("sluice-variant", Metadata.ASCII_STRING_MARSHALLER);
  private static final Fidelity POOR = new Fidelity(0.91, 0.7, 0.5, 0.4, 1, 1, 3, 0.26);

  @TempDir static Path repository;
  @TempDir static Path made;
  private static final GivenVariants maker = new GivenVariants();
  private static final HttpClient http = HttpClient.newHttpClient();
  private static TestServer server;
  private static Path trebling;
  private static GivenVariants.Gate gate;
  private static GivenVariants.Gate unloadGate;

  @BeforeAll
  static void start() throws Exception {
    trebling = OnnxModels.matmul(1, 1, 3).write(made.resolve("int8.onnx"));
    for (String name : new String[] {"named", "reloaded", "poor", "below", "fastest", "counted"}) {
      OnnxModels.matmul(1, 1, 2).write(repository.resolve(name + ".onnx"));
      boolean poor = name.equals("poor") || name.equals("below");
      maker.put(name, trebling, poor ? POOR : GivenVariants.GOOD);
    }
    for (String name : new String[] {"gated", "unloaded", "plain"}) {
      OnnxModels.matmul(1, 1, 2).write(repository.resolve(name + ".onnx"));
    }
    gate = maker.gated("gated", trebling, GivenVariants.GOOD);
    unloadGate = maker.gated("unloaded", trebling, GivenVariants.GOOD);
    Files.writeString(repository.resolve("fastest.yaml"), "variants: { policy: fastest }");
    Files.writeString(
        repository.resolve("below.yaml"),
        "variants: { serve: int8, served_below_budget: [ int8 ] }");
    server =
        TestServer.start(
            Map.of(
                "SLUICE_MODELS_REPOSITORIES",
                repository.toString(),
                "SLUICE_MODELS_LOAD_PROBE",
                "false"),
            System::nanoTime,
            maker);
  }

  @AfterAll
  static void stop() throws Exception {
    http.close();
    server.close();
  }

  private static ModelInferRequest.Builder one(String model) {
    return Infer.with(Infer.on(model), "x", Tensors.fp32(new long[] {1, 1}, 1));
  }

  private static ModelInferRequest asking(String model, String variant) {
    return one(model)
        .putParameters("variant", InferParameter.newBuilder().setStringParam(variant).build())
        .build();
  }

  private static float answer(ModelInferRequest request) {
    return Infer.floats(server.inference().modelInfer(request), "y")[0];
  }

  private static StatusRuntimeException refused(String model, String variant) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> server.inference().modelInfer(asking(model, variant)));
  }

  private static HttpResponse<String> post(String model, String parameters, String... headers)
      throws Exception {
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]"
            + parameters
            + "}";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(server.server().httpPort(), "/v2/models/" + model + "/infer"))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String get(int port, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static void awaitState(String model, String state) throws Exception {
    await(1, server, model, "sluice_variant_state", "variant", "int8", "state", state);
  }

  /** Asks for it until it is there. */
  private static void makeInt8(String model) throws Exception {
    assertThat(refused(model, "int8").getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitState(model, "ready");
  }

  private static String metadata(String model) {
    return server
        .inference()
        .modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build())
        .getParametersOrThrow("variant.int8")
        .getStringParam();
  }

  @Test
  void aVariantIsNamedByParameterOrMetadataAndTheAnswerSaysWhichItIs() throws Exception {
    makeInt8("named");
    assertThat(answer(asking("named", "int8"))).isEqualTo(3);
    assertThat(answer(asking("named", "fp32"))).isEqualTo(2);
    assertThat(answer(one("named").build())).isEqualTo(2);

    Metadata asked = new Metadata();
    asked.put(VARIANT, "int8");
    AtomicReference<Metadata> headers = new AtomicReference<>();
    ModelInferResponse response =
        GRPCInferenceServiceGrpc.newBlockingStub(server.channel())
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(asked),
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
            .modelInfer(one("named").build());
    assertThat(Infer.floats(response, "y")[0]).isEqualTo(3);
    assertThat(headers.get().getAll(VARIANT)).containsExactly("int8");
    assertThat(streamed(asking("named", "int8"))).isEqualTo("int8");
    assertThat(streamed(one("named").build())).isEqualTo("fp32");

    HttpResponse<String> byParameter = post("named", ",\"parameters\":{\"variant\":\"int8\"}");
    assertThat(byParameter.headers().firstValue("sluice-variant")).hasValue("int8");
    assertThat(byParameter.body()).contains("\"data\":[3");
    HttpResponse<String> byHeader = post("named", "", "sluice-variant", "int8");
    assertThat(byHeader.body()).contains("\"data\":[3");
    HttpResponse<String> unnamed = post("named", "");
    assertThat(unnamed.headers().firstValue("sluice-variant")).hasValue("fp32");
    assertThat(unnamed.body()).contains("\"data\":[2");
  }

  /** The variant that a stream's answer says it is of. */
  private static String streamed(ModelInferRequest request) throws Exception {
    CompletableFuture<ModelStreamInferResponse> answer = new CompletableFuture<>();
    StreamObserver<ModelInferRequest> requests =
        GRPCInferenceServiceGrpc.newStub(server.channel())
            .modelStreamInfer(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ModelStreamInferResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable thrown) {
                    answer.completeExceptionally(thrown);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(request);
    requests.onCompleted();
    return answer
        .get(60, TimeUnit.SECONDS)
        .getInferResponse()
        .getParametersOrThrow("variant")
        .getStringParam();
  }

  @Test
  void aVariantThatIsBeingMadeIsUnavailableWithItsProgressWhileTheModelServes() throws Exception {
    assertThat(metadata("gated")).startsWith("offered");
    StatusRuntimeException first = refused("gated", "int8");
    assertThat(first.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(Objects.requireNonNull(StatusProto.fromThrowable(first)).getDetailsList())
        .extracting(Any::getTypeUrl)
        .anyMatch(url -> url.endsWith(RetryInfo.getDescriptor().getFullName()));
    gate.reached.await();

    assertThat(refused("gated", "int8").getStatus().getDescription())
        .isEqualTo("variant 'int8' of model 'gated' is being made: calibrating, 40 %");
    HttpResponse<String> response = post("gated", "", "sluice-variant", "int8");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(response.body()).contains("calibrating, 40 %");
    assertThat(metadata("gated")).isEqualTo("being made: calibrating, 40 %");
    assertThat(get(server.server().adminPort(), "/models"))
        .contains("\"state\":\"making\"", "\"share\":0.4");
    assertThat(answer(one("gated").build())).isEqualTo(2);

    gate.open.countDown();
    awaitState("gated", "ready");
    assertThat(answer(asking("gated", "int8"))).isEqualTo(3);
    assertThat(metadata("gated"))
        .isEqualTo("ready: cosine 0.9990 on the mean and 0.9900 at p1, 2.5 times as fast");
    assertThat(get(server.server().adminPort(), "/models")).contains("\"cosine_mean\":0.999");
    assertThat(get(server.server().httpPort(), "/v2/models/gated")).contains("variant.int8");
  }

  @Test
  void aVariantBelowItsBudgetIsNotFoundWithTheFigures() throws Exception {
    refused("poor", "int8");
    awaitState("poor", "refused");
    StatusRuntimeException refused = refused("poor", "int8");
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(refused.getStatus().getDescription())
        .contains("0.9100", "0.7000", "0.995", "0.98", "variants.served_below_budget");
    assertThat(post("poor", "", "sluice-variant", "int8").statusCode()).isEqualTo(404);
    assertThat(answer(one("poor").build())).isEqualTo(2);
  }

  @Test
  void aVariantThatModelYamlNamesServesBelowItsBudgetAndByDefault() throws Exception {
    awaitState("below", "ready");
    assertThat(answer(one("below").build())).isEqualTo(3);
    assertThat(answer(asking("below", "fp32"))).isEqualTo(2);
  }

  @Test
  void theFastestServesThoseWhoNameNone() throws Exception {
    awaitState("fastest", "ready");
    assertThat(answer(one("fastest").build())).isEqualTo(3);
  }

  @Test
  void aModelOfWhichNothingIsOfferedSaysWhatItHas() {
    StatusRuntimeException refused = refused("plain", "int8");
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(refused.getStatus().getDescription()).endsWith("it has fp32");
  }

  @Test
  void aReloadBringsBackTheVariantsThatWereInUse() throws Exception {
    makeInt8("reloaded");
    server
        .inference()
        .repositoryModelLoad(
            RepositoryModelLoadRequest.newBuilder().setModelName("reloaded").build());
    awaitState("reloaded", "ready");
    assertThat(answer(asking("reloaded", "int8"))).isEqualTo(3);
  }

  @Test
  void anUnloadBreaksOffWhatIsBeingMade() throws Exception {
    refused("unloaded", "int8");
    unloadGate.reached.await();
    server
        .inference()
        .repositoryModelUnload(
            RepositoryModelUnloadRequest.newBuilder().setModelName("unloaded").build());
    assertThat(unloadGate.interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(refused("unloaded", "").getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void requestsAreCountedPerVariantAndTogetherForTriton() throws Exception {
    makeInt8("counted");
    answer(asking("counted", "int8"));
    answer(asking("counted", "int8"));
    answer(one("counted").build());
    await(2, server, "counted", "sluice_requests_total", "variant", "int8", "outcome", "ok");
    await(1, server, "counted", "sluice_requests_total", "variant", "fp32", "outcome", "ok");
    assertThat(metric(server, "counted", "nv_inference_request_success")).isEqualTo(3);
    assertThat(
            server
                .inference()
                .modelStatistics(ModelStatisticsRequest.newBuilder().setName("counted").build())
                .getModelStats(0)
                .getInferenceStats()
                .getSuccess()
                .getCount())
        .isEqualTo(3);
  }
}
