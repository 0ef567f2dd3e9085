// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergedProjectionsTest {
  /** Three products of x, of different widths, and one of something else. */
  private static OnnxBuilder projections(long opset) {
    OnnxBuilder builder =
        new OnnxBuilder().opset(opset).input("x", DType.FP32, -1, -1, 2).output("y", DType.FP32);
    builder.node("Neg", List.of("x"), List.of("z"));
    for (int i = 1; i <= 4; i++) {
      int width = i == 4 ? 1 : i;
      float[] weights = new float[2 * width];
      float[] bias = new float[width];
      for (int j = 0; j < weights.length; j++) {
        weights[j] = 10 * i + j;
      }
      for (int j = 0; j < width; j++) {
        bias[j] = i + j / 10f;
      }
      builder
          .constant("w" + i, TensorValues.ofFloats(new long[] {2, width}, weights))
          .constant("b" + i, TensorValues.ofFloats(new long[] {width}, bias))
          .node("MatMul", List.of(i == 4 ? "z" : "x", "w" + i), List.of("p" + i))
          .node("Add", List.of("b" + i, "p" + i), List.of("a" + i));
    }
    return builder.node(
        "Concat", List.of("a3", "a1", "a2", "a4"), List.of("y"), OnnxBuilder.integer("axis", 2));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 17})
  void productsOfOneTensorBecomeOne(long opset) throws Exception {
    Rewriting rewriting = Rewriting.of(new MergedProjections(), projections(opset));
    assertThat(rewriting.ops())
        .containsExactlyInAnyOrder("Neg", "MatMul", "Add", "MatMul", "Add", "Split", "Concat");
    rewriting.assertSame(3);
  }
}
