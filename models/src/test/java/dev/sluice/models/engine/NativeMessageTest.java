// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeMessageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Error code - ORT_INVALID_GRAPH - message: Load model from /m/1/model.onnx failed:This is"
            + " an invalid model. Error: the graph is not acyclic. | This is an invalid model."
            + " Error: the graph is not acyclic.",
        "Error code - ORT_FAIL - message: Load model from m/model.onnx failed:"
            + "/onnxruntime_src/onnxruntime/core/graph/model.cc:192"
            + " onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::PathString&, const"
            + " onnxruntime::ModelOptions&) Unsupported model IR version: 999, max supported IR"
            + " version: 13 | Unsupported model IR version: 999, max supported IR version: 13",
        "/onnxruntime_src/onnxruntime/core/graph/model_load_utils.h:46 void onnxruntime::f(const"
            + " std::unordered_map<std::__cxx11::basic_string<char>, int>&, bool) const ONNX"
            + " Runtime only *guarantees* support (of some). | ONNX Runtime only *guarantees*"
            + " support (of some).",
        "Error code - ORT_FAIL - message: Exception during initialization:"
            + " /onnxruntime_src/onnxruntime/core/optimizer/initializer.cc:51"
            + " onnxruntime::Initializer::Initializer(const onnx::TensorProto&) [ONNXRuntimeError]"
            + " : 1 : FAIL : tensorprotoutils.cc:1496 ValidateSize Initializer 'k': raw_data size"
            + " (16 bytes) does not match (32 bytes) | Initializer 'k': raw_data size (16 bytes)"
            + " does not match (32 bytes)",
        "/src/a.cc:7 onnxruntime::g(int)::<lambda(long)> x == 1 was false. | x == 1 was false.",
        "node /encoder/layer.0/MatMul has no input | node /encoder/layer.0/MatMul has no input",
        "the file a.cc is missing | the file a.cc is missing",
      })
  void onlyTheWordsThatMatterStay(String message, String plain) {
    assertThat(NativeMessage.plain(message)).isEqualTo(plain);
  }

  @Test
  void aNativeStackIsCutOff() {
    assertThat(
            NativeMessage.plain(
                "expected 2 dims\nException raised from at /pytorch/c10/x.cpp:3 (most recent"
                    + " call first):\nframe #0: c10::Error::Error"))
        .isEqualTo("expected 2 dims");
  }

  @Test
  void whatWouldLeaveNothingStaysWhole() {
    assertThat(NativeMessage.plain("Error code - ORT_FAIL - message: "))
        .isEqualTo("Error code - ORT_FAIL - message: ");
  }

  @Test
  void aSignatureWithoutAnEndStays() {
    assertThat(NativeMessage.plain("/a/b.cc:1 void f(int")).isEqualTo("void f(int");
  }
}
