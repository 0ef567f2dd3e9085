// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.rewrite.EncoderRewrite.Rewritten;
import dev.sluice.models.rewrite.RewriteGoal.Device;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.TensorProto;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attention that is not quite what the fused operator computes stays as it is. */
class AttentionsTest {
  private interface Change {
    void of(NodeProto.Builder node);
  }

  /** The BERT of the tests with something else in every node of one kind. */
  private static Rewritten changed(String op, Change change) throws Exception {
    ModelProto.Builder model = TestEncoder.build(TestEncoder.Style.BERT).toBuilder();
    for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
      if (node.getOpType().equals(op)) {
        change.of(node);
      }
    }
    return EncoderRewrite.apply(OnnxModel.of(model.build()), RewriteGoal.blocks(Device.CPU));
  }

  private static void assertLeft(Rewritten result, String why) {
    assertThat(result.report().times("MultiHeadAttention")).isZero();
    assertThat(result.report().left())
        .filteredOn(line -> line.startsWith("the attention at"))
        .hasSize(TestEncoder.LAYERS)
        .allSatisfy(line -> assertThat(line).contains(why));
    // What else there is to fuse is fused all the same.
    assertThat(result.report().times("SkipLayerNormalization")).isPositive();
  }

  @Test
  void aSoftmaxOverAnotherAxis() throws Exception {
    Rewritten result = changed("Softmax", node -> node.clearAttribute().addAttribute(axis(1)));
    assertLeft(result, "over the axis 1");
  }

  @Test
  void aMaskTheOtherWayRound() throws Exception {
    // mask - 1 instead of 1 - mask: padding would count for more than tokens.
    Rewritten result =
        changed(
            "Sub",
            node -> {
              if (node.getInput(1).startsWith("/Cast")) {
                List<String> inputs = List.copyOf(node.getInputList());
                node.clearInput().addAllInput(inputs.reversed());
              }
            });
    assertLeft(result, "has no form that is known");
  }

  @Test
  void aMaskThatOnlyDampens() throws Exception {
    ModelProto.Builder model = TestEncoder.build(TestEncoder.Style.BERT).toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      boolean number =
          tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE && tensor.getDimsCount() == 0;
      if (number
          && tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getFloat()
              == -10_000) {
        tensor.clearRawData().addFloatData(-3);
      }
    }
    assertLeft(
        EncoderRewrite.apply(OnnxModel.of(model.build()), RewriteGoal.blocks(Device.CPU)),
        "has no form that is known");
  }

  private static AttributeProto axis(long axis) {
    return AttributeProto.newBuilder()
        .setName("axis")
        .setType(AttributeProto.AttributeType.INT)
        .setI(axis)
        .build();
  }
}
