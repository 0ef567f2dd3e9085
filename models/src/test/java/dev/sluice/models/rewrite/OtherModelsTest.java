// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.onnx.ValueInfos;
import dev.sluice.models.rewrite.RewriteGoal.Device;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.NodeProto;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that are no encoders come through unharmed. */
class OtherModelsTest {
  private static OnnxModel rewritten(OnnxModel model) throws Exception {
    return EncoderRewrite.apply(model, RewriteGoal.blocks(Device.GPU)).model();
  }

  private static Stream<OnnxBuilder> models() {
    return Stream.of(
        OnnxModels.identity(DType.INT8, -1, 3),
        OnnxModels.addSub(DType.FP64, 2),
        OnnxModels.matmul(2, 2, 1, 2, 3, 4),
        OnnxModels.concat(DType.FP16),
        OnnxModels.cast(DType.FP32, DType.BOOL, -1),
        OnnxModels.dictionary(new String[] {"a"}, new String[] {"b"}),
        OnnxModels.lookup(),
        OnnxModels.zerosOfShape(),
        OnnxModels.classifierWithMaps("a", "b", "c"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void theyStayAsTheyAre(OnnxBuilder builder) throws Exception {
    OnnxModel model = OnnxModel.of(builder.build());
    assertThat(rewritten(model).toProto()).isEqualTo(model.toProto());
  }

  @Test
  void aPerceptronComputesTheSame() throws Exception {
    OnnxModel model =
        OnnxModel.of(
            new OnnxBuilder()
                .input("x", DType.FP32, -1, 3)
                .output("y", DType.FP32, -1, 2)
                .constant("w", Tensors.fp32(new long[] {3, 3}, 1, 2, 3, 4, 5, 6, 7, 8, 9))
                .constant("b", Tensors.fp32(new long[] {3}, 1, 0, -1))
                .constant("v", Tensors.fp32(new long[] {2, 3}, 1, 0, 1, 0, 1, 0))
                .node("Gemm", List.of("x", "w", "b"), List.of("h"))
                .node("Identity", List.of("h"), List.of("i"))
                .node("Relu", List.of("i"), List.of("r"))
                .node("Transpose", List.of("v"), List.of("u"))
                .node("MatMul", List.of("r", "u"), List.of("y"))
                .build());
    Runs.Feed feed = specs -> List.of(Tensors.fp32(new long[] {2, 3}, 1, -2, 3, -4, 5, -6));
    assertThat(TensorValues.floats(Runs.run(rewritten(model), feed)))
        .containsExactly(TensorValues.floats(Runs.run(model, feed)));
  }

  /** The branches read an Identity's result, which therefore must not go. */
  @Test
  void valuesThatNestedGraphsReadStay() throws Exception {
    OnnxModel model =
        OnnxModel.of(
            new OnnxBuilder()
                .input("x", DType.FP32, 1)
                .output("y", DType.FP32, 1)
                .constant("zero", Tensors.fp32(new long[] {1}, 0))
                .node("Identity", List.of("x"), List.of("a"))
                .node("Neg", List.of("a"), List.of("b"))
                .node("Greater", List.of("b", "zero"), List.of("flags"))
                .node("Squeeze", List.of("flags"), List.of("flag"))
                .node(
                    "If",
                    List.of("flag"),
                    List.of("y"),
                    branch("then_branch", "Exp"),
                    branch("else_branch", "Abs"))
                .build());
    Runs.Feed feed = specs -> List.of(Tensors.fp32(new long[] {1}, -2));
    assertThat(TensorValues.floats(Runs.run(rewritten(model), feed)))
        .containsExactly(TensorValues.floats(Runs.run(model, feed)));
  }

  private static AttributeProto branch(String name, String op) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(
            GraphProto.newBuilder()
                .setName(name)
                .addNode(NodeProto.newBuilder().setOpType(op).addInput("a").addOutput(name))
                .addOutput(ValueInfos.tensor(name, DType.FP32, 1L)))
        .build();
  }
}
