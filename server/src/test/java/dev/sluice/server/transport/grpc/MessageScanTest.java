// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.proto.inference.InferTensorContents;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.sluice.proto.inference.ModelRepositoryParameter;
import dev.sluice.proto.inference.RepositoryModelLoadRequest;
import dev.sluice.proto.inference.TraceSettingRequest;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.TokenIds;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner by itself: what it counts, what it refuses, and that it costs nothing. */
final class MessageScanTest {
  private static final MessageLimits LIMITS = new MessageLimits(5, 7);
  private static final Descriptor INFER = ModelInferRequest.getDescriptor();
  private static final int OTHERS = MessageLimits.OTHER_FIELDS;

  private static void check(Descriptor type, byte[] message) throws InvalidProtocolBufferException {
    MessageScan.check(new MessageShape(type, LIMITS), message);
  }

  private static void passes(Message message) {
    assertThatCode(() -> check(message.getDescriptorForType(), message.toByteArray()))
        .doesNotThrowAnyException();
  }

  private static Problem.Invalid refusal(Descriptor type, byte[] message) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> check(type, message));
    assertThat(refused).as("should have been refused").isNotNull();
    assertThat(refused.problem()).isInstanceOf(Problem.Invalid.class);
    return (Problem.Invalid) refused.problem();
  }

  /** For each counted field: its limit, its name, and a message with so many of it. */
  static Stream<Arguments> counted() {
    return Stream.of(
        infer(5, "inputs", (r, i) -> r.addInputs(InferInputTensor.getDefaultInstance())),
        infer(5, "outputs", (r, i) -> r.addOutputs(InferRequestedOutputTensor.newBuilder())),
        infer(5, "raw_input_contents", (r, i) -> r.addRawInputContents(ByteString.EMPTY)),
        infer(OTHERS, "parameters", (r, i) -> r.putParameters("p" + i, Requests.yes())),
        counted(OTHERS, "inputs.parameters", MessageScanTest::inputParameters),
        counted(OTHERS, "outputs.parameters", MessageScanTest::outputParameters),
        counted(
            MessageLimits.BYTES_ELEMENTS,
            "inputs.contents.bytes_contents",
            MessageScanTest::emptyStrings),
        counted(7, "inputs", MessageScanTest::texts),
        counted(OTHERS, "settings.value", MessageScanTest::settingValues),
        counted(MessageLimits.UNKNOWN_FIELDS, "message", MessageScanTest::unknownFields));
  }

  private static Arguments infer(
      int limit, String field, ObjIntConsumer<ModelInferRequest.Builder> add) {
    return counted(
        limit,
        field,
        n -> {
          ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
          each(n, i -> add.accept(request, i));
          return request.build();
        });
  }

  private static Message inputParameters(int count) {
    List<InferInputTensor.Builder> inputs =
        List.of(InferInputTensor.newBuilder(), InferInputTensor.newBuilder());
    each(count, i -> inputs.get(i % 2).putParameters("p" + i, Requests.number(i)));
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
    inputs.forEach(request::addInputs);
    return request.build();
  }

  private static Message outputParameters(int count) {
    InferRequestedOutputTensor.Builder output = InferRequestedOutputTensor.newBuilder();
    each(count, i -> output.putParameters("p" + i, Requests.text("t")));
    return ModelInferRequest.newBuilder().addOutputs(output).build();
  }

  private static Message emptyStrings(int count) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    each(count, i -> contents.addBytesContents(ByteString.EMPTY));
    return ModelInferRequest.newBuilder()
        .addInputs(InferInputTensor.newBuilder().setContents(contents))
        .build();
  }

  private static Message texts(int count) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder();
    each(count, i -> request.addInputs(Input.newBuilder().setText("a")));
    return request.build();
  }

  private static Message settingValues(int count) {
    TraceSettingRequest.SettingValue.Builder values = TraceSettingRequest.SettingValue.newBuilder();
    each(count, i -> values.addValue("v"));
    return TraceSettingRequest.newBuilder().putSettings("s", values.build()).build();
  }

  private static Message unknownFields(int count) {
    UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();
    each(count, i -> unknown.mergeVarintField(100 + i, 1));
    Input input = Input.newBuilder().setUnknownFields(unknown.build()).build();
    return EmbedRequest.newBuilder().addInputs(input).build();
  }

  private static Arguments counted(int limit, String field, IntFunction<Message> message) {
    return Arguments.of(limit, field, message);
  }

  private static void each(int count, IntConsumer action) {
    IntStream.range(0, count).forEach(action);
  }

  @ParameterizedTest
  @MethodSource("counted")
  void aFieldIsTakenUpToItsLimitAndNotOnceMore(
      int limit, String field, IntFunction<Message> message) {
    passes(message.apply(limit));

    Message more = message.apply(limit + 1);
    Problem.Invalid refusal = refusal(more.getDescriptorForType(), more.toByteArray());
    assertThat(refusal.field()).isEqualTo(field);
    assertThat(refusal.message()).startsWith(field + ": ").contains(Integer.toString(limit));
  }

  @Test
  void numbersAreNotCountedPackedOrNot() throws Exception {
    int many = 100_000;
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    InferInputTensor.Builder input = InferInputTensor.newBuilder();
    TokenIds.Builder ids = TokenIds.newBuilder();
    for (int i = 0; i < many; i++) {
      contents.addIntContents(i).addFp32Contents(i).addFp64Contents(i).addBoolContents(true);
      input.addShape(i);
      ids.addIds(i);
    }
    passes(ModelInferRequest.newBuilder().addInputs(input.setContents(contents)).build());
    passes(EmbedRequest.newBuilder().addInputs(Input.newBuilder().setTokens(ids)).build());

    byte[] unpacked = repeat(bytes(0x08, 0x05), many);
    assertThat(TokenIds.parseFrom(unpacked).getIdsCount()).isEqualTo(many);
    check(TokenIds.getDescriptor(), unpacked);
  }

  @Test
  void everyOrdinaryRequestPasses() {
    passes(ModelInferRequest.getDefaultInstance());
    passes(
        Requests.three("echo")
            .setId("1")
            .putParameters("timeout", Requests.number(-1))
            .addOutputs(
                InferRequestedOutputTensor.newBuilder()
                    .setName("y")
                    .putParameters("classification", Requests.number(3)))
            .build());
    passes(
        RepositoryModelLoadRequest.newBuilder()
            .setModelName("m")
            .putParameters(
                "config",
                ModelRepositoryParameter.newBuilder()
                    .setBytesParam(ByteString.copyFromUtf8("x"))
                    .build())
            .build());
    UnknownFieldSet group = UnknownFieldSet.newBuilder().mergeVarintField(5, 1).build();
    passes(
        ModelInferRequest.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(90, UnknownFieldSet.Field.newBuilder().addGroup(group).build())
                    .addField(91, UnknownFieldSet.Field.newBuilder().addFixed32(1).build())
                    .addField(92, UnknownFieldSet.Field.newBuilder().addFixed64(1).build())
                    .build())
            .build());
  }

  @Test
  void aLongWayToWriteATagHidesNothing() throws Exception {
    byte[] input = bytes(0xaa, 0x80, 0x80, 0x00, 0x80, 0x00).toByteArray();
    byte[] message = repeat(ByteString.copyFrom(input), 6);
    assertThat(ModelInferRequest.parseFrom(message).getInputsCount()).isEqualTo(6);

    assertThat(refusal(INFER, message).field()).isEqualTo("inputs");
  }

  @Test
  void aTagWhoseUpperBitsAreDroppedHidesNothing() throws Exception {
    ByteString input = bytes(0xaa, 0x80, 0x80, 0x80, 0x90, 0x01, 0x00);
    byte[] message = repeat(input, 6);
    assertThat(ModelInferRequest.parseFrom(message).getInputsCount()).isEqualTo(6);

    assertThat(refusal(INFER, message).field()).isEqualTo("inputs");
  }

  @Test
  void fieldsInAGroupOrOfAnotherWireTypeCountAsUnknown() {
    int many = MessageLimits.UNKNOWN_FIELDS + 1;
    ByteString name = bytes(0x0a, 0x00);
    ByteString group =
        bytes(0xd3, 0x05).concat(ByteString.copyFrom(repeat(name, many))).concat(bytes(0xd4, 0x05));

    assertThat(refusal(INFER, group.toByteArray()).field()).isEqualTo("message");
    assertThat(refusal(INFER, repeat(bytes(0x08, 0x00), many)).field()).isEqualTo("message");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2a", // no length
        "2a05", // less than the length
        "2a02 2a05 0000000000", // an inner length past the outer end
        "2affffffffffffffffff01", // a negative length
        "80", // half a tag
        "ffffffffffffffffffff01", // a tag of eleven bytes
        "00", // no field
        "0200", // field 0
        "0e00", // wire type 6
        "0f00", // wire type 7
        "0d000000", // three bytes of a fixed32
        "09000000000000", // seven of a fixed64
        "db05", // a group without its end
        "dc05", // an end without a group
      })
  void whatIsMalformedIsRefusedByScannerAndParserAlike(String hex) {
    byte[] message = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThatThrownBy(() -> ModelInferRequest.parseFrom(message))
        .isInstanceOf(InvalidProtocolBufferException.class);
    assertThatThrownBy(() -> check(INFER, message))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void millionsOfEmptyInputsAreRefusedWithoutMemory() throws Exception {
    byte[] hostile = repeat(bytes(0x2a, 0x00), 8 << 20);
    MessageShape shape = new MessageShape(INFER, MessageLimits.of(GrpcSettings.defaults()));

    assertThat(allocatedBy(() -> refused(shape, hostile))).isLessThan(1 << 20);
  }

  @Test
  void aMillionElementsAreCountedWithoutMemory() throws Exception {
    ByteString elements = ByteString.copyFrom(repeat(bytes(0x42, 0x00), 1_000_000));
    byte[] message =
        ModelInferRequest.newBuilder()
            .addInputs(
                InferInputTensor.newBuilder().setContents(InferTensorContents.parseFrom(elements)))
            .build()
            .toByteArray();
    MessageShape shape = new MessageShape(INFER, LIMITS);

    assertThat(allocatedBy(() -> accepted(shape, message))).isLessThan(1 << 20);
  }

  private static void refused(MessageShape shape, byte[] message) {
    assertThatThrownBy(() -> MessageScan.check(shape, message))
        .isInstanceOf(ProblemException.class);
  }

  private static void accepted(MessageShape shape, byte[] message) {
    assertThatCode(() -> MessageScan.check(shape, message)).doesNotThrowAnyException();
  }

  /** Of a second run, as the first one loads classes. */
  private static long allocatedBy(Runnable action) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean,
        "skipped: this JVM does not count what a thread allocates");
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    action.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    action.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static byte[] repeat(ByteString piece, int times) {
    byte[] out = new byte[piece.size() * times];
    byte[] one = piece.toByteArray();
    for (int i = 0; i < out.length; i += one.length) {
      System.arraycopy(one, 0, out, i, one.length);
    }
    return out;
  }
}
