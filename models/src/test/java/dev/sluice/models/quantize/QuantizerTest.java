// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static dev.sluice.models.quantize.SmallModels.IN;
import static dev.sluice.models.quantize.SmallModels.drawn;
import static dev.sluice.models.quantize.SmallModels.inputs;
import static dev.sluice.models.quantize.SmallModels.model;
import static dev.sluice.models.quantize.SmallModels.perceptron;
import static dev.sluice.models.quantize.SmallModels.rows;
import static dev.sluice.models.quantize.SmallModels.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models of tensors, through the engine that serves them. */
class QuantizerTest {
  @TempDir Path scratch;

  private Quantized quantize(OnnxModel model, Optional<QuantScheme> scheme, Calibration inputs)
      throws Exception {
    return new Quantizer(new DjlEngines(), scratch)
        .quantize(model, QuantizeRequest.of(scheme, FidelityBudget.DEFAULT), inputs, Progress.NONE);
  }

  private float[] run(OnnxModel model, Tensor... inputs) throws Exception {
    try (Trial trial = Trial.open(new DjlEngines(), scratch, model)) {
      return Tensors.floats(
          trial.run(Calibration.ofTensors(List.of(List.of(inputs))), 0).getFirst());
    }
  }

  private static List<String> ops(OnnxModel model) {
    return model.graph().nodes().stream().map(OnnxNode::op).toList();
  }

  private static float[] firstRow(float[] all) {
    return Arrays.copyOf(all, IN);
  }

  @ParameterizedTest
  @EnumSource(QuantScheme.class)
  void anyModelThatMultipliesByConstantsCanBeQuantized(QuantScheme scheme) throws Exception {
    OnnxModel model = model(perceptron());
    Quantized quantized = quantize(model, Optional.of(scheme), inputs(40));
    assertThat(ops(quantized.model()))
        .doesNotContain("MatMul", "Gemm")
        .containsSubsequence("MatMulIntegerToFloat", "Relu", "MatMulIntegerToFloat");
    assertThat(quantized.count(scheme)).isEqualTo(2);
    float[] own = run(model, rows(7, 9));
    assertThat(Closeness.cosine(own, run(quantized.model(), rows(7, 9))))
        .isBetween(0.999, 0.999999);
    assertThat(ops(model)).as("the model itself").contains("MatMul", "Gemm");
  }

  @ParameterizedTest
  @EnumSource(QuantScheme.class)
  void onlyTheDynamicSchemeLetsCompanyChangeAnAnswer(QuantScheme scheme) throws Exception {
    OnnxModel quantized = quantize(model(perceptron()), Optional.of(scheme), inputs(40)).model();
    float[] values = drawn(11, 2 * IN, 1);
    Tensor alone = Tensors.fp32(new long[] {1, IN}, firstRow(values));
    values[IN] = 50;
    Tensor withALoudOne = Tensors.fp32(new long[] {2, IN}, values);
    float[] both = run(quantized, withALoudOne);
    double cosine = Closeness.cosine(firstRow(both), run(quantized, alone));
    if (scheme == QuantScheme.DYNAMIC) {
      assertThat(cosine).isLessThan(0.9999);
    } else {
      assertThat(cosine).isGreaterThan(1 - 1e-9);
    }
  }

  @Test
  void withNothingKnownOfTheInputsEachTokenHasItsOwnScale() throws Exception {
    Quantized quantized = quantize(model(perceptron()), Optional.empty(), Calibration.NONE);
    assertThat(quantized.count(QuantScheme.PER_TOKEN)).isEqualTo(2);
    assertThat(quantized.closeness()).isEmpty();
    float[] zeros = run(quantized.model(), Tensors.fp32(new long[] {1, IN}, new float[IN]));
    float[] own = run(model(perceptron()), Tensors.fp32(new long[] {1, IN}, new float[IN]));
    assertThat(Closeness.cosine(own, zeros)).as("a row of zeros").isGreaterThan(0.999);
  }

  @Test
  void tablesStayExactly() throws Exception {
    OnnxBuilder builder =
        new OnnxBuilder()
            .input("ids", DType.INT64, -1, -1)
            .output("y", DType.FP32, -1, -1, IN)
            .constant("table", weights(5, 100, IN))
            .constant("w", weights(6, IN, IN))
            .node("Gather", List.of("table", "ids"), List.of("x"), OnnxBuilder.integer("axis", 0))
            .node("MatMul", List.of("x", "w"), List.of("y"));
    Calibration inputs =
        Calibration.ofTensors(List.of(List.of(Tensors.int64(new long[] {1, 3}, 4, 5, 6))));
    OnnxModel quantized = quantize(model(builder), Optional.empty(), inputs).model();
    assertThat(Tensors.floats(quantized.graph().constant("table").orElseThrow()))
        .containsExactly(Tensors.floats(weights(5, 100, IN)));
    assertThat(quantized.graph().exists("w")).isFalse();
    Tensor ids = Tensors.int64(new long[] {1, 3}, 4, 5, 6);
    assertThat(Closeness.cosine(run(model(builder), ids), run(quantized, ids)))
        .isGreaterThan(0.999);
  }

  @Test
  void theSameInputsGiveTheSameBytes() throws Exception {
    byte[] first = bytes(quantize(model(perceptron()), Optional.empty(), inputs(40)).model());
    byte[] again = bytes(quantize(model(perceptron()), Optional.empty(), inputs(40)).model());
    assertThat(first).isEqualTo(again);
    try (var left = Files.list(scratch)) {
      assertThat(left).as("what is left of trials").isEmpty();
    }
  }

  private static byte[] bytes(OnnxModel model) {
    return model.toProto().toByteArray();
  }

  @ParameterizedTest
  @EnumSource(RangeMethod.class)
  void scalesFollowFromCalibrationInEachWay(RangeMethod method) throws Exception {
    QuantizeRequest request =
        new QuantizeRequest(
            Optional.of(QuantScheme.STATIC),
            method,
            WeightRange.FULL,
            new FidelityBudget(0.9, 0.9));
    Quantized quantized =
        new Quantizer(new DjlEngines(), scratch)
            .quantize(model(perceptron()), request, inputs(40), Progress.NONE);
    assertThat(quantized.count(QuantScheme.STATIC)).isEqualTo(2);
    assertThat(quantized.closeness().orElseThrow().mean()).isGreaterThan(0.99);
  }

  @Test
  void aModelWithoutSuchWeightsIsRefused() throws Exception {
    assertRefused(
        OnnxModels.addSub(DType.FP32, -1, 4),
        "the model has no weights to quantize: no MatMul or Gemm multiplies by a constant");
    assertRefused(
        OnnxModels.matmul(2, 2, 1, 2, 3, 4),
        "the model has no weights to quantize: y stays as it is since it is too small to gain from"
            + " INT8");
  }

  private void assertRefused(OnnxBuilder builder, String why) throws Exception {
    OnnxModel model = model(builder);
    assertThatThrownBy(() -> quantize(model, Optional.empty(), Calibration.NONE)).hasMessage(why);
  }

  @Test
  void aModelOfOldOperatorsIsRefused() throws Exception {
    var old = perceptron().build().toBuilder();
    old.getOpsetImportBuilder(0).setVersion(10);
    OnnxModel model = OnnxModel.of(old.build());
    assertThatThrownBy(() -> quantize(model, Optional.empty(), Calibration.NONE))
        .hasMessage("the model uses operators of version 10, to be quantized it needs 11 or later");
  }

  @Test
  void staticScalesNeedCalibration() throws Exception {
    OnnxModel model = model(perceptron());
    assertThatThrownBy(() -> quantize(model, Optional.of(QuantScheme.STATIC), Calibration.NONE))
        .hasMessage("static scales need calibration inputs, and there are none");
  }

  @Test
  void calibrationThatDoesNotFitTheModelIsRefused() throws Exception {
    OnnxModel model = model(perceptron());
    Tensor row = rows(1, 1);
    Calibration two = Calibration.ofTensors(List.of(List.of(row), List.of(row, row)));
    assertThatThrownBy(() -> quantize(model, Optional.empty(), two))
        .hasMessage("calibration input 2: 2 tensors, but the model takes 1");
    Calibration tokens = Calibration.ofTokens(List.of(new int[] {1, 2}));
    assertThatThrownBy(() -> quantize(model, Optional.empty(), tokens))
        .hasMessageContaining("the model has an input 'x', which cannot be made of token ids");
    float[] bad = drawn(1, IN, 1);
    bad[3] = Float.NaN;
    Calibration nan =
        Calibration.ofTensors(List.of(List.of(Tensors.fp32(new long[] {1, IN}, bad))));
    assertThatThrownBy(() -> quantize(model, Optional.empty(), nan))
        .hasMessage("calibration input 1: the model computes what is no finite number, in 'x'");
  }

  @Test
  void aThreadThatIsToStopStops() throws Exception {
    OnnxModel model = model(perceptron());
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> quantize(model, Optional.empty(), inputs(4)))
        .isInstanceOf(InterruptedException.class);
  }
}
