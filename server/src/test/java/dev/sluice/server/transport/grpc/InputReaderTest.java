// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.bytes;
import static dev.sluice.server.transport.grpc.Requests.floats;
import static dev.sluice.server.transport.grpc.Requests.input;
import static dev.sluice.server.transport.grpc.Requests.raw;
import static dev.sluice.server.transport.grpc.Requests.typed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.sluice.models.tensor.DType;
import dev.sluice.proto.inference.InferTensorContents;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.server.core.NamedTensor;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.transport.shared.InputReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class InputReaderTest {
  private static final int MAX_INPUTS = 4;

  private static InferTensorContents.Builder contents() {
    return InferTensorContents.newBuilder();
  }

  private static ByteString readOne(ModelInferRequest request) {
    List<NamedTensor> tensors = InputReader.read(request, MAX_INPUTS);
    assertThat(tensors).hasSize(1);
    return ByteString.copyFrom(tensors.get(0).tensor().data());
  }

  private static String refusal(ModelInferRequest request) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> InputReader.read(request, MAX_INPUTS));
    assertThat(refused).as("should have been refused").isNotNull();
    assertThat(refused.problem()).isInstanceOf(Problem.Invalid.class);
    return refused.problem().message();
  }

  static Stream<Arguments> typedFields() {
    return Stream.of(
        Arguments.of("BOOL", contents().addBoolContents(true).addBoolContents(false), bytes(1, 0)),
        Arguments.of("INT8", contents().addIntContents(-128).addIntContents(127), bytes(128, 127)),
        Arguments.of(
            "INT16", contents().addIntContents(-32768).addIntContents(1), bytes(0, 128, 1, 0)),
        Arguments.of(
            "INT32",
            contents().addIntContents(Integer.MIN_VALUE).addIntContents(1),
            bytes(0, 0, 0, 128, 1, 0, 0, 0)),
        Arguments.of(
            "INT64",
            contents().addInt64Contents(Long.MIN_VALUE).addInt64Contents(1),
            bytes(0, 0, 0, 0, 0, 0, 0, 128, 1, 0, 0, 0, 0, 0, 0, 0)),
        Arguments.of("UINT8", contents().addUintContents(255).addUintContents(0), bytes(255, 0)),
        Arguments.of(
            "UINT16", contents().addUintContents(65535).addUintContents(1), bytes(255, 255, 1, 0)),
        Arguments.of(
            "UINT32",
            contents().addUintContents(-1).addUintContents(1),
            bytes(255, 255, 255, 255, 1, 0, 0, 0)),
        Arguments.of(
            "UINT64",
            contents().addUint64Contents(-1).addUint64Contents(1),
            bytes(255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0)),
        Arguments.of("FP32", contents().addFp32Contents(1).addFp32Contents(-0f), floats(1, -0f)),
        Arguments.of(
            "FP64",
            contents().addFp64Contents(1).addFp64Contents(0),
            bytes(0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0)),
        Arguments.of(
            "BYTES",
            contents()
                .addBytesContents(ByteString.copyFromUtf8("ab"))
                .addBytesContents(ByteString.EMPTY),
            bytes(2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0)));
  }

  @ParameterizedTest
  @MethodSource("typedFields")
  void typedContentsBecomeRaw(
      String datatype, InferTensorContents.Builder contents, ByteString expected) {
    assertThat(readOne(typed(datatype, contents, 2))).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("typedFields")
  void typedContentsOfAnotherTypeAreRefused(String datatype, InferTensorContents.Builder contents) {
    typedFields()
        .map(other -> (String) other.get()[0])
        .filter(other -> !field(other).equals(field(datatype)))
        .forEach(other -> assertThat(refusal(typed(other, contents, 2))).contains("use "));
  }

  private static String field(String datatype) {
    return switch (datatype) {
      case "INT8", "INT16", "INT32" -> "int";
      case "UINT8", "UINT16", "UINT32" -> "uint";
      default -> datatype;
    };
  }

  @ParameterizedTest
  @MethodSource("typedFields")
  void typedContentsOfAnotherLengthAreRefused(
      String datatype, InferTensorContents.Builder contents) {
    assertThat(refusal(typed(datatype, contents, 1))).contains("2 elements").contains("needs 1");
    assertThat(refusal(typed(datatype, contents, 3))).contains("2 elements").contains("needs 3");
  }

  @Test
  void narrowIntegersAreRangeChecked() {
    assertThat(refusal(typed("INT8", contents().addIntContents(128), 1))).contains("INT8");
    assertThat(refusal(typed("INT8", contents().addIntContents(-129), 1))).contains("-129");
    assertThat(refusal(typed("INT16", contents().addIntContents(32768), 1))).contains("INT16");
    assertThat(refusal(typed("UINT8", contents().addUintContents(256), 1))).contains("UINT8");
    assertThat(refusal(typed("UINT16", contents().addUintContents(-1), 1))).contains("4294967295");
  }

  @Test
  void halfPrecisionHasNoTypedField() {
    assertThat(refusal(typed("FP16", contents(), 1))).contains("raw_input_contents");
    assertThat(refusal(typed("BF16", contents().addFp32Contents(1), 1)))
        .contains("raw_input_contents");
  }

  @Test
  void rawAndTypedDoNotMix() {
    ModelInferRequest.Builder request = raw("FP32", floats(1), 1);
    request.getInputsBuilder(0).setContents(contents().addFp32Contents(1));
    assertThat(refusal(request.build())).contains("raw_input_contents");
  }

  @Test
  void everyInputNeedsItsData() {
    ModelInferRequest nothing =
        ModelInferRequest.newBuilder().addInputs(input("x", "FP32", 1)).build();
    ModelInferRequest oneForTwo =
        raw("FP32", floats(1), 1).addInputs(input("y", "FP32", 1)).build();
    ModelInferRequest twoForOne = raw("FP32", floats(1), 1).addRawInputContents(floats(2)).build();

    assertThat(refusal(nothing)).contains("no data").contains("\"x\"");
    assertThat(refusal(oneForTwo)).contains("\"y\"");
    assertThat(refusal(twoForOne)).contains("2 entries for 1 inputs");
  }

  @ParameterizedTest
  @EnumSource(names = "BYTES", mode = EnumSource.Mode.EXCLUDE)
  void rawDataMustFitTheShapeToTheByte(DType type) {
    int right = 3 * type.byteSize();
    for (int size : List.of(right - 1, right, right + 1)) {
      ModelInferRequest request =
          raw(type.name(), ByteString.copyFrom(new byte[size]), 3, 1).build();
      if (size == right) {
        assertThat(readOne(request).size()).isEqualTo(right);
      } else {
        assertThat(refusal(request)).contains(size + " bytes").contains("needs " + right);
      }
    }
  }

  @Test
  void shapesThatOverflowAreRefusedBeforeAnythingIsAllocated() {
    for (long[] shape :
        List.of(
            new long[] {1L << 31, 1L << 32},
            new long[] {Long.MAX_VALUE, 2},
            new long[] {Long.MAX_VALUE},
            new long[] {1L << 62, 1L << 62, 0})) {
      assertThat(refusal(raw("UINT8", bytes(1), shape).build())).contains("larger than any");
    }
    assertThat(refusal(typed("INT64", contents(), 1L << 40))).contains("needs 1099511627776");
    assertThat(refusal(raw("UINT8", bytes(1), 1L << 40).build())).contains("needs 1099511627776");
  }

  @Test
  void negativeDimensionsAndTooManyAreRefused() {
    assertThat(refusal(raw("UINT8", bytes(1), -1, -1).build())).contains("dimension 0");
    assertThat(refusal(raw("UINT8", bytes(1), new long[33]).build())).contains("at most 32");
  }

  @Test
  void aScalarHasOneElement() {
    assertThat(readOne(raw("UINT8", bytes(7)).build())).isEqualTo(bytes(7));
  }

  @Test
  void unknownDatatypesAreRefused() {
    for (String datatype : List.of("", "fp32", "FLOAT", "TYPE_FP32", "STRING")) {
      assertThat(refusal(raw(datatype, floats(1), 1).build())).contains("FP32").contains("BYTES");
    }
  }

  @Test
  void namesMustBeGivenOnceAndNotBeEmpty() {
    assertThat(
            refusal(
                raw("UINT8", bytes(1), 1)
                    .addInputs(input("x", "UINT8", 1))
                    .addRawInputContents(bytes(1))
                    .build()))
        .contains("more than once");
    assertThat(
            refusal(
                ModelInferRequest.newBuilder()
                    .addInputs(input("", "UINT8", 1))
                    .addRawInputContents(bytes(1))
                    .build()))
        .contains("inputs[0].name");
  }

  @Test
  void tooManyInputsAreRefusedAndTheMostIsTaken() {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
    for (int i = 0; i < MAX_INPUTS; i++) {
      request.addInputs(input("i" + i, "UINT8", 1)).addRawInputContents(bytes(i));
    }
    assertThat(InputReader.read(request.build(), MAX_INPUTS)).hasSize(MAX_INPUTS);

    request.addInputs(input("one too many", "UINT8", 1)).addRawInputContents(bytes(1));
    assertThat(refusal(request.build())).contains("at most 4").contains("5");
  }

  @Test
  void bytesElementsMustAddUp() {
    ByteString two = bytes(1, 0, 0, 0, 'a', 0, 0, 0, 0);

    assertThat(readOne(raw("BYTES", two, 2).build())).isEqualTo(two);
    assertThat(refusal(raw("BYTES", two, 1).build())).contains("2 BYTES elements");
    assertThat(refusal(raw("BYTES", two, 3).build())).contains("2 BYTES elements");
    assertThat(refusal(raw("BYTES", bytes(1, 0, 0), 1).build())).contains("3 of the 4");
    assertThat(refusal(raw("BYTES", bytes(2, 0, 0, 0, 'a'), 1).build())).contains("says 2 bytes");
    assertThat(refusal(raw("BYTES", bytes(255, 255, 255, 255, 'a'), 1).build()))
        .contains("4294967295");
  }

  @Test
  void hostileNamesAreQuotedSafely() {
    String message =
        refusal(
            ModelInferRequest.newBuilder()
                .addInputs(input("a\n\u202e" + "b".repeat(1000), "FP32", 1))
                .build());
    assertThat(message).contains("\"a??bbb").contains("...").hasSizeLessThan(300);
  }
}
