// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.bytes;
import static dev.sluice.server.transport.grpc.Requests.floats;
import static dev.sluice.server.transport.grpc.Requests.input;
import static dev.sluice.server.transport.grpc.Requests.number;
import static dev.sluice.server.transport.grpc.Requests.raw;
import static dev.sluice.server.transport.grpc.Requests.text;
import static dev.sluice.server.transport.grpc.Requests.three;
import static dev.sluice.server.transport.grpc.Requests.yes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.batching.Criticality;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.InferTensorContents;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.server.core.CallContext;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelInferTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void forgetCalls() {
    server.inference.inferCalls.clear();
  }

  @Test
  void rawTensorsComeBackRawWithIdModelAndVersion() {
    ModelInferResponse response = server.stub().modelInfer(three("echo").setId("req-7").build());

    assertThat(response.getId()).isEqualTo("req-7");
    assertThat(response.getModelName()).isEqualTo("echo");
    assertThat(response.getModelVersion()).isEqualTo("2");
    assertThat(response.getOutputs(0).getDatatype()).isEqualTo("FP32");
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L, 3L);
    assertThat(response.getOutputs(0).hasContents()).isFalse();
    assertThat(response.getRawOutputContentsList()).containsExactly(floats(0.25f, 4f, -1f));
    assertThat(response.getParametersMap()).isEmpty();
  }

  @Test
  void everyOutputHasARawEntryInItsPlaceEvenAnEmptyOne() {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName("echo")
            .addInputs(input("a", "FP32", 0, 3))
            .addInputs(input("b", "UINT8", 2))
            .addInputs(input("c", "BYTES", 0))
            .addRawInputContents(ByteString.EMPTY)
            .addRawInputContents(bytes(1, 2))
            .addRawInputContents(ByteString.EMPTY)
            .build();

    ModelInferResponse response = server.stub().modelInfer(request);

    assertThat(response.getOutputsList().stream().map(o -> o.getName()))
        .containsExactly("a", "b", "c");
    assertThat(response.getRawOutputContentsList())
        .containsExactly(ByteString.EMPTY, bytes(1, 2), ByteString.EMPTY);
  }

  @Test
  void requestedOutputsArePassedOnInOrder() {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName("echo")
            .addInputs(input("a", "UINT8", 1))
            .addInputs(input("b", "UINT8", 1))
            .addRawInputContents(bytes(1))
            .addRawInputContents(bytes(2))
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("b"))
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("a"))
            .build();

    assertThat(server.stub().modelInfer(request).getRawOutputContentsList())
        .containsExactly(bytes(2), bytes(1));
  }

  @Test
  void sixteenMebibytesGoThereAndBack() {
    byte[] big = new byte[16 << 20];
    big[big.length - 1] = 42;

    ModelInferResponse response =
        server
            .stub()
            .modelInfer(raw("UINT8", UnsafeByteOperations.unsafeWrap(big), big.length).build());

    assertThat(response.getRawOutputContents(0).size()).isEqualTo(big.length);
    assertThat(response.getRawOutputContents(0).byteAt(big.length - 1)).isEqualTo((byte) 42);
  }

  @Test
  void anUnknownModelIsNotFoundAndAnUnnamedOneInvalid() {
    TestServer.error(
        Status.Code.NOT_FOUND, () -> server.stub().modelInfer(three("nobody").build()));
    TestServer.error(
        Status.Code.INVALID_ARGUMENT, () -> server.stub().modelInfer(three("").build()));
  }

  @ParameterizedTest
  @CsvSource({
    "0, CRITICAL",
    "1, CRITICAL_PLUS",
    "2, CRITICAL",
    "3, SHEDDABLE_PLUS",
    "4, SHEDDABLE",
    "9000000000, SHEDDABLE"
  })
  void priorityIsACriticality(long priority, Criticality criticality) throws Exception {
    InferParameter unsigned = InferParameter.newBuilder().setUint64Param(priority).build();

    for (InferParameter value : List.of(number(priority), unsigned)) {
      server.stub().modelInfer(three("echo").putParameters("priority", value).build());
      assertThat(TestServer.take(server.inference.inferCalls).context().criticality())
          .isEqualTo(criticality);
    }
  }

  @Test
  void metadataSaysVariantTenantAndCriticality() throws Exception {
    Metadata headers = new Metadata();
    headers.put(key("sluice-variant"), "int8");
    headers.put(key("sluice-tenant"), "team-a.1");
    headers.put(key("sluice-criticality"), "Sheddable-Plus");

    server
        .stub()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .modelInfer(three("echo").build());

    var call = TestServer.take(server.inference.inferCalls);
    assertThat(call.model().variant()).isEqualTo("int8");
    assertThat(call.context().tenant()).isEqualTo("team-a.1");
    assertThat(call.context().criticality()).isEqualTo(Criticality.SHEDDABLE_PLUS);
  }

  @Test
  void parametersGoBeforeMetadata() throws Exception {
    Metadata headers = new Metadata();
    headers.put(key("sluice-variant"), "int8");
    headers.put(key("sluice-criticality"), "sheddable");

    server
        .stub()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .modelInfer(
            three("echo")
                .setModelVersion("2")
                .putParameters("variant", text("fp16"))
                .putParameters("priority", number(1))
                .putParameters("my-own", text("passed over"))
                .build());

    var call = TestServer.take(server.inference.inferCalls);
    assertThat(call.model().variant()).isEqualTo("fp16");
    assertThat(call.model().version()).isEqualTo("2");
    assertThat(call.context().criticality()).isEqualTo(Criticality.CRITICAL_PLUS);
  }

  @ParameterizedTest
  @CsvSource({"sluice-tenant, a b", "sluice-tenant, a/b", "sluice-criticality, urgent"})
  void badMetadataIsRefusedByName(String name, String value) {
    Metadata headers = new Metadata();
    headers.put(key(name), value);

    StatusRuntimeException error =
        TestServer.error(
            Status.Code.INVALID_ARGUMENT,
            () ->
                server
                    .stub()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .modelInfer(three("echo").build()));

    assertThat(error).hasMessageContaining(name);
  }

  @Test
  void parametersOfTheWrongKindAreRefusedByName() {
    refused("timeout", InferParameter.newBuilder().setUint64Param(5).build());
    refused("timeout", number(-1));
    refused("timeout", text("5"));
    refused("priority", number(-1));
    refused("priority", text("high"));
    refused("variant", number(8));
    refused("triton_enable_empty_final_response", number(1));
    refused("triton_secret_switch", yes());
    refused("custom", InferParameter.getDefaultInstance());
  }

  private static void refused(String name, InferParameter value) {
    StatusRuntimeException error =
        TestServer.error(
            Status.Code.INVALID_ARGUMENT,
            () -> server.stub().modelInfer(three("echo").putParameters(name, value).build()));
    assertThat(error).hasMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequence_id", "sequence_start", "sequence_end"})
  void sequencesAreNotOffered(String name) {
    TestServer.error(
        Status.Code.UNIMPLEMENTED,
        () -> server.stub().modelInfer(three("echo").putParameters(name, number(1)).build()));
  }

  @Test
  void sharedMemoryIsNotOffered() {
    ModelInferRequest.Builder in = three("echo");
    in.getInputsBuilder(0).putParameters("shared_memory_region", text("r"));
    ModelInferRequest.Builder out =
        three("echo")
            .addOutputs(
                InferRequestedOutputTensor.newBuilder()
                    .setName("x")
                    .putParameters("shared_memory_region", text("r")));

    TestServer.error(Status.Code.UNIMPLEMENTED, () -> server.stub().modelInfer(in.build()));
    TestServer.error(Status.Code.UNIMPLEMENTED, () -> server.stub().modelInfer(out.build()));
  }

  @Test
  void refusedRequestsNeverReachTheModels() {
    TestServer.error(
        Status.Code.INVALID_ARGUMENT,
        () -> server.stub().modelInfer(raw("FP32", floats(1), 2).build()));
    assertThat(server.inference.inferCalls).isEmpty();
  }

  @Test
  void classesComeInPlaceOfScores() {
    InferRequestedOutputTensor.Builder wanted =
        InferRequestedOutputTensor.newBuilder()
            .setName("x")
            .putParameters("classification", number(2));

    ModelInferResponse response =
        server
            .stub()
            .modelInfer(
                raw("FP32", floats(0.25f, 4f, -1f, 0f, 0f, 9.5f), 2, 3).addOutputs(wanted).build());

    assertThat(response.getOutputs(0).getDatatype()).isEqualTo("BYTES");
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(2L, 2L);
    assertThat(strings(response.getRawOutputContents(0)))
        .containsExactly("4.000000:1:dog", "0.250000:0:cat", "9.500000:2", "0.000000:0:cat");
  }

  @Test
  void classesOfTextAndOfNoneAreRefused() {
    for (InferRequestedOutputTensor output :
        List.of(
            InferRequestedOutputTensor.newBuilder()
                .setName("text")
                .putParameters("classification", number(1))
                .build(),
            InferRequestedOutputTensor.newBuilder()
                .setName("x")
                .putParameters("classification", number(0))
                .build(),
            InferRequestedOutputTensor.newBuilder()
                .setName("x")
                .putParameters("classification", text("1"))
                .build())) {
      TestServer.error(
          Status.Code.INVALID_ARGUMENT,
          () -> server.stub().modelInfer(three("echo").addOutputs(output).build()));
    }
  }

  @Test
  void doubleEmptyAndTooManyOutputsAreRefused() {
    InferRequestedOutputTensor x = InferRequestedOutputTensor.newBuilder().setName("x").build();
    ModelInferRequest twice = three("echo").addOutputs(x).addOutputs(x).build();
    ModelInferRequest unnamed =
        three("echo").addOutputs(InferRequestedOutputTensor.getDefaultInstance()).build();
    ModelInferRequest.Builder many = three("echo");
    for (int i = 0; i <= GrpcSettings.defaults().maxTensors(); i++) {
      many.addOutputs(InferRequestedOutputTensor.newBuilder().setName("o" + i));
    }

    for (ModelInferRequest request : List.of(twice, unnamed, many.build())) {
      TestServer.error(Status.Code.INVALID_ARGUMENT, () -> server.stub().modelInfer(request));
    }
  }

  @Test
  void withoutAnyWishTheContextIsPlain() throws Exception {
    server.stub().modelInfer(three("echo").build());
    assertThat(TestServer.take(server.inference.inferCalls).context())
        .isEqualTo(new CallContext(1_000, Long.MAX_VALUE, Criticality.CRITICAL, ""));
  }

  @Test
  void typedContentsAreAnsweredRaw() {
    ModelInferRequest request =
        Requests.typed(
            "INT32", InferTensorContents.newBuilder().addIntContents(1).addIntContents(-2), 2);
    assertThat(server.stub().modelInfer(request).getRawOutputContents(0))
        .isEqualTo(bytes(1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff));
  }

  private static List<String> strings(ByteString raw) {
    var in = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<String> out = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] text = new byte[in.getInt()];
      in.get(text);
      out.add(new String(text, StandardCharsets.UTF_8));
    }
    return out;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
