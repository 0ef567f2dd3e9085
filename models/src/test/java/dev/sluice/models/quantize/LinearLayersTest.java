// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static dev.sluice.models.quantize.SmallModels.HIDDEN;
import static dev.sluice.models.quantize.SmallModels.IN;
import static dev.sluice.models.quantize.SmallModels.drawn;
import static dev.sluice.models.quantize.SmallModels.model;
import static dev.sluice.models.quantize.SmallModels.perceptron;
import static dev.sluice.models.quantize.SmallModels.vector;
import static dev.sluice.models.quantize.SmallModels.weights;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.onnx.AttributeProto;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearLayersTest {

  private static LinearLayers of(OnnxBuilder builder) throws Exception {
    return LinearLayers.of(model(builder).graph());
  }

  private static OnnxBuilder gemm(Tensor c, AttributeProto... attributes) {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, IN)
        .output("y", DType.FP32, -1, IN)
        .constant("w", weights(1, IN, IN))
        .constant("c", c)
        .node("Gemm", List.of("x", "w", "c"), List.of("y"), attributes);
  }

  @Test
  void layersThatReadTheSameValueAreAGroup() throws Exception {
    LinearLayers layers =
        of(
            new OnnxBuilder()
                .input("x", DType.FP32, -1, IN)
                .output("q", DType.FP32, -1, IN)
                .output("k", DType.FP32, -1, HIDDEN)
                .constant("wq", weights(1, IN, IN))
                .constant("wk", weights(2, IN, HIDDEN))
                .node("MatMul", List.of("x", "wq"), List.of("q"))
                .node("MatMul", List.of("x", "wk"), List.of("k")));
    assertThat(layers.groups()).singleElement().extracting(LayerGroup::channels).isEqualTo(IN);
    assertThat(layers.groups().getFirst().layers())
        .extracting(LinearLayer::columns)
        .containsExactly(IN, HIDDEN);
  }

  @Test
  void gemmIsReadWithAllThatItDoes() throws Exception {
    LinearLayer layer = of(perceptron()).groups().getLast().layers().getFirst();
    assertThat(List.of(layer.rows(), layer.columns())).containsExactly(HIDDEN, IN);
    float[] stored = Tensors.floats(weights(3, IN, HIDDEN));
    assertThat(layer.weights().values()[1]).isEqualTo(0.5f * stored[HIDDEN]);
    assertThat(layer.bias()[3]).isEqualTo(2 * Tensors.floats(vector(4, IN))[3]);
  }

  @Test
  void anAddedVectorIsABiasOnlyIfNobodyElseReadsTheProduct() throws Exception {
    LinearLayer first = of(perceptron()).groups().getFirst().layers().getFirst();
    assertThat(first.output()).isEqualTo("hb");
    assertThat(first.bias()).hasSize(HIDDEN);
    LinearLayer shown =
        of(perceptron().output("h", DType.FP32, -1, HIDDEN))
            .groups()
            .getFirst()
            .layers()
            .getFirst();
    assertThat(shown.output()).isEqualTo("h");
    assertThat(shown.bias()).isEmpty();
  }

  @Test
  void saysWhyALayerStaysAsItIs() throws Exception {
    assertThat(reason(gemm(vector(1, IN), OnnxBuilder.integer("transA", 1))))
        .isEqualTo("its input is transposed");
    assertThat(reason(gemm(Tensors.fp32(new long[] {IN, 1}, drawn(1, IN, 1)))))
        .isEqualTo("it adds another vector to each row");
    assertThat(reason(product(Tensors.fp32(new long[] {2, 16, IN}, drawn(1, IN * IN, 1)))))
        .isEqualTo("its weights are no matrix, but FP32[2, 16, 32]");
    assertThat(reason(product(weights(1, IN, 31)))).isEqualTo("it is too small to gain from INT8");
    assertThat(reason(product(Tensors.raw(DType.FP16, new long[] {IN, IN}, new byte[2 * IN * IN]))))
        .isEqualTo("its weights are FP16, not FP32");
    assertThat(reason(product(Tensors.fp32(new long[] {70_000, 1}, new float[70_000]))))
        .isEqualTo("its sums would not fit 32 bits");
  }

  private static OnnxBuilder product(Tensor weights) {
    return new OnnxBuilder()
        .input("x", weights.type(), -1, -1)
        .output("y", weights.type(), -1, -1)
        .constant("w", weights)
        .node("MatMul", List.of("x", "w"), List.of("y"));
  }

  private static String reason(OnnxBuilder builder) throws Exception {
    LinearLayers layers = of(builder);
    assertThat(layers.groups()).isEmpty();
    return layers.left().getFirst().reason();
  }

  @Test
  void aBiasOfOneNumberIsForAllColumns() throws Exception {
    LinearLayer layer =
        of(gemm(Tensors.fp32(new long[0], 0.25f))).groups().getFirst().layers().getFirst();
    assertThat(layer.bias()).hasSize(IN).containsOnly(0.25f);
  }
}
