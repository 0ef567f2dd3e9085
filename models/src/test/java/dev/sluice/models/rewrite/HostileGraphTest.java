// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.RewriteGoal.Device;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.TensorProto;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that mean harm, or are just broken: no crash, no hang, no memory without end. */
class HostileGraphTest {
  private static final RewriteGoal GOAL =
      RewriteGoal.blocks(Device.GPU).pooled(Pooling.MEAN, true, 4);
  private static final long[] NUMBERS = {
    0, -1, 1, 2, 3, 7, -5, 64, 1L << 20, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private static OnnxModel rewrite(OnnxBuilder builder) throws EngineException {
    return EncoderRewrite.apply(OnnxModel.of(builder.build()), GOAL).model();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void brokenEncodersAreRefusedOrRewritten(int start) {
    List<TestEncoder.Style> styles = EncoderRewriteTest.styles().toList();
    for (int seed = start * 60; seed < start * 60 + 60; seed++) {
      Random random = new Random(seed);
      ModelProto.Builder model = TestEncoder.build(styles.get(seed % styles.size())).toBuilder();
      for (int damage = 0; damage <= seed % 4; damage++) {
        damage(model.getGraphBuilder(), random);
      }
      assertThatCode(
              () -> {
                try {
                  EncoderRewrite.apply(OnnxModel.of(model.build()), GOAL).model().toProto();
                } catch (EngineException e) {
                  assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
                }
              })
          .as("seed " + seed)
          .doesNotThrowAnyException();
    }
  }

  static void damage(GraphProto.Builder graph, Random random) {
    NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
    switch (random.nextInt(7)) {
      case 0 -> graph.removeNode(random.nextInt(graph.getNodeCount()));
      case 1 -> node.clearAttribute();
      case 2 -> node.setOpType(graph.getNode(random.nextInt(graph.getNodeCount())).getOpType());
      case 3 -> {
        NodeProto other = graph.getNode(random.nextInt(graph.getNodeCount()));
        if (node.getInputCount() > 0 && other.getInputCount() > 0) {
          node.setInput(random.nextInt(node.getInputCount()), other.getInput(0));
        }
      }
      case 4 -> node.clearInput();
      case 5 -> {
        TensorProto.Builder tensor =
            graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
        if (tensor.getDataType() == TensorProto.DataType.INT64_VALUE) {
          long[] numbers =
              random
                  .ints(tensor.getRawData().size() / 8, 0, NUMBERS.length)
                  .mapToLong(i -> NUMBERS[i])
                  .toArray();
          tensor.clearRawData();
          for (long number : numbers) {
            tensor.addInt64Data(number);
          }
        }
      }
      default -> {
        for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
          attribute.setI(NUMBERS[random.nextInt(NUMBERS.length)]);
          for (int i = 0; i < attribute.getIntsCount(); i++) {
            attribute.setInts(i, NUMBERS[random.nextInt(NUMBERS.length)]);
          }
        }
      }
    }
  }

  @Test
  void chainsAreAsLongAsTheyLike() throws Exception {
    OnnxBuilder builder =
        new OnnxBuilder()
            .input("x", DType.FP32, -1)
            .output("y", DType.FP32, -1)
            .constant("two", TensorValues.ofFloats(new long[0], 2));
    String value = "x";
    for (int i = 0; i < 20_000; i++) {
      builder.node(
          i % 2 == 0 ? "Identity" : "Mul",
          i % 2 == 0 ? List.of(value) : List.of(value, "two"),
          List.of("v" + i));
      value = "v" + i;
    }
    builder.node("Softmax", List.of(value), List.of("y"));
    assertThat(rewrite(builder).graph().nodes()).hasSize(10_001);
  }

  @Test
  void doublingConstantsStaySmall() throws Exception {
    OnnxBuilder builder =
        new OnnxBuilder()
            .input("x", DType.INT64, -1)
            .output("y", DType.INT64, -1)
            .constant("v0", TensorValues.ofLongs(new long[] {1}, 1));
    for (int i = 0; i < 62; i++) {
      String value = "v" + i;
      builder.node(
          "Concat", List.of(value, value), List.of("v" + (i + 1)), Attributes.integer("axis", 0));
    }
    builder.node("Add", List.of("x", "v62"), List.of("y"));
    OnnxModel model = rewrite(builder);
    assertThat(model.toProto().getSerializedSize()).isLessThan(20_000);
  }

  @Test
  void giganticShapesAreNotFilled() throws Exception {
    OnnxBuilder builder =
        new OnnxBuilder()
            .input("x", DType.FP32, -1)
            .output("y", DType.FP32, -1)
            .constant("size", TensorValues.ofLongs(new long[] {2}, 1L << 40, 1L << 40))
            .constant("one", TensorValues.ofFloats(new long[] {1}, 1))
            .node("Expand", List.of("one", "size"), List.of("a"))
            .node("ConstantOfShape", List.of("size"), List.of("b"))
            .node("Reshape", List.of("one", "size"), List.of("c"))
            .node("Sum", List.of("x", "a", "b", "c"), List.of("y"));
    assertThat(rewrite(builder).graph().nodes()).hasSize(4);
  }
}
