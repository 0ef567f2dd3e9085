// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static dev.sluice.models.onnx.Attributes.real;
import static dev.sluice.models.quantize.SmallModels.IN;
import static dev.sluice.models.quantize.SmallModels.drawn;
import static dev.sluice.models.quantize.SmallModels.model;
import static dev.sluice.models.quantize.SmallModels.vector;
import static dev.sluice.models.quantize.SmallModels.weights;
import static dev.sluice.models.quantize.SmallModels.withOwn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nodes compute that plans are made into. */
class EmitterTest {
  private static final int LOUD = 5;

  @TempDir Path scratch;

  private List<Tensor> run(OnnxModel model, Tensor... inputs) throws Exception {
    try (Trial trial = Trial.open(new DjlEngines(), scratch, model)) {
      return trial.run(Calibration.ofTensors(List.of(List.of(inputs))), 0);
    }
  }

  private double cosine(OnnxModel model, OnnxModel quantized, Tensor x) throws Exception {
    return Closeness.cosine(
        Tensors.floats(run(model, x).getFirst()), Tensors.floats(run(quantized, x).getFirst()));
  }

  private static OnnxModel build(OnnxModel model, String value, TensorPlan plan) throws Exception {
    return Trials.build(model, Map.of(value, plan), WeightRange.FULL);
  }

  private static List<String> ops(OnnxModel model) {
    return model.graph().nodes().stream().map(OnnxNode::op).toList();
  }

  /** One channel is a hundred times as loud as the others; three axes. */
  private static Tensor loud() {
    float[] values = drawn(8, 6 * IN, 1);
    for (int row = 0; row < 6; row++) {
      values[row * IN + LOUD] *= 100;
    }
    return Tensors.fp32(new long[] {2, 3, IN}, values);
  }

  private static OnnxBuilder two() {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, -1, IN)
        .output("y", DType.FP32, -1, -1, IN)
        .output("z", DType.FP32, -1, -1, IN)
        .constant("w", weights(1, IN, IN))
        .constant("v", weights(2, IN, IN))
        .constant("b", vector(3, IN))
        .node("MatMul", List.of("x", "w"), List.of("xw"))
        .node("Add", List.of("xw", "b"), List.of("y"))
        .node("MatMul", List.of("x", "v"), List.of("z"));
  }

  @Test
  void outliersAreExactWhereTheScaleEnds() throws Exception {
    OnnxModel model = model(two());
    ByteScale narrow = ByteScale.of(-4, 4);
    TensorPlan cut = new TensorPlan.Fixed(Smoothing.NONE, narrow, Outliers.NONE);
    TensorPlan whole = new TensorPlan.Fixed(Smoothing.NONE, narrow, new Outliers(new int[] {LOUD}));
    assertThat(cosine(model, build(model, "x", cut), loud())).isLessThan(0.9);
    OnnxModel quantized = build(model, "x", whole);
    assertThat(cosine(model, quantized, loud())).isGreaterThan(0.9999);
    assertThat(ops(quantized)).as("for both layers").containsOnlyOnce("QuantizeLinear", "Gather");
  }

  @Test
  void smoothingChangesNothingButTheRounding() throws Exception {
    OnnxModel model = model(two());
    float[] magnitudes = new float[IN];
    Arrays.fill(magnitudes, 4);
    magnitudes[LOUD] = 400;
    Smoothing smoothing = Smoothing.of(magnitudes, ones(), 0.7);
    double most = 400 / smoothing.of(LOUD);
    TensorPlan smooth = new TensorPlan.Fixed(smoothing, ByteScale.of(-most, most), Outliers.NONE);
    TensorPlan plain = new TensorPlan.Fixed(Smoothing.NONE, ByteScale.of(-400, 400), Outliers.NONE);
    double better = cosine(model, build(model, "x", smooth), loud());
    assertThat(better).isGreaterThan(cosine(model, build(model, "x", plain), loud()));
    assertThat(better).isGreaterThan(0.9995);
  }

  private static float[] ones() {
    float[] ones = new float[IN];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static OnnxBuilder normed(String... residual) {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, -1, IN)
        .output("y", DType.FP32, -1, -1, IN)
        .constant("gamma", Tensors.fp32(new long[] {IN}, drawn(4, IN, 1)))
        .constant("beta", vector(5, IN))
        .constant("w", weights(1, IN, IN))
        .node("LayerNormalization", List.of("x", "gamma", "beta"), List.of("n"))
        .node("MatMul", List.of("n", "w"), List.of(residual.length > 0 ? "m" : "y"));
  }

  private static TensorPlan smoothPlan() {
    float[] magnitudes = ones();
    magnitudes[LOUD] = 9;
    Smoothing smoothing = Smoothing.of(magnitudes, ones(), 0.5);
    return new TensorPlan.Fixed(smoothing, ByteScale.of(-8, 8), Outliers.NONE);
  }

  @Test
  void aNormalizationSmoothsWhatItMakesWithoutANodeMore() throws Exception {
    OnnxModel model = model(normed());
    OnnxModel quantized = build(model, "n", smoothPlan());
    assertThat(ops(quantized))
        .containsExactly("LayerNormalization", "QuantizeLinear", "MatMulIntegerToFloat");
    assertThat(cosine(model, quantized, loud())).isGreaterThan(0.999);
  }

  @Test
  void aResidualStillSeesTheValueItself() throws Exception {
    OnnxModel model = model(normed("residual").node("Add", List.of("m", "n"), List.of("y")));
    OnnxModel quantized = build(model, "n", smoothPlan());
    assertThat(ops(quantized)).contains("Mul");
    assertThat(cosine(model, quantized, loud())).isGreaterThan(0.999);
    OnnxModel shown = model(normed().output("n", DType.FP32, -1, -1, IN));
    List<Tensor> outputs = run(build(shown, "n", smoothPlan()), loud());
    assertThat(Tensors.floats(outputs.get(1)))
        .containsExactly(Tensors.floats(run(shown, loud()).get(1)));
  }

  @Test
  void biasesOfFusedNodesMoveIntoTheProduct() throws Exception {
    OnnxModel model =
        withOwn(
            new OnnxBuilder()
                .input("x", DType.FP32, -1, -1, IN)
                .output("y", DType.FP32, -1, -1, IN)
                .constant("w", weights(1, IN, IN))
                .constant("v", weights(2, IN, IN))
                .constant("b", vector(3, IN))
                .constant("c", vector(4, IN))
                .constant("gamma", vector(5, IN))
                .constant("beta", vector(6, IN))
                .node("MatMul", List.of("x", "w"), List.of("xw"))
                .node("BiasGelu", List.of("xw", "b"), List.of("g"))
                .node("MatMul", List.of("g", "v"), List.of("gv"))
                .node(
                    "SkipLayerNormalization",
                    List.of("gv", "x", "gamma", "beta", "c"),
                    List.of("y"),
                    real("epsilon", 1e-5f)),
            "BiasGelu",
            "SkipLayerNormalization");
    OnnxModel quantized =
        Trials.build(
            model,
            Map.of("x", new TensorPlan.PerToken(Smoothing.NONE), "g", new TensorPlan.Dynamic()),
            WeightRange.FULL);
    assertThat(ops(quantized)).contains("Gelu").doesNotContain("BiasGelu");
    assertThat(quantized.graph().producer("y").orElseThrow().inputs())
        .containsExactly("gv", "x", "gamma", "beta");
    assertThat(cosine(model, quantized, rowsOf3Axes())).isGreaterThan(0.999);
  }

  private static Tensor rowsOf3Axes() {
    return Tensors.fp32(new long[] {2, 3, IN}, drawn(9, 6 * IN, 1));
  }

  @Test
  void perTokenScalesFollowTheOperatorsVersion() throws Exception {
    for (int opset : new int[] {11, 13, 17, 18}) {
      var proto = two().build().toBuilder();
      proto.getOpsetImportBuilder(0).setVersion(opset);
      OnnxModel model = OnnxModel.of(proto.build());
      OnnxModel quantized = build(model, "x", new TensorPlan.PerToken(Smoothing.NONE));
      assertThat(cosine(model, quantized, rowsOf3Axes()))
          .as("opset %d", opset)
          .isGreaterThan(0.999);
    }
  }
}
