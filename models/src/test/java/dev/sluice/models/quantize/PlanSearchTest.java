// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static dev.sluice.models.quantize.SmallModels.IN;
import static dev.sluice.models.quantize.SmallModels.drawn;
import static dev.sluice.models.quantize.SmallModels.model;
import static dev.sluice.models.quantize.SmallModels.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that INT8 hurts. */
class PlanSearchTest {
  @TempDir Path scratch;
  private final List<Double> shares = new ArrayList<>();

  private Quantized quantize(OnnxBuilder builder, Calibration inputs, FidelityBudget budget)
      throws Exception {
    return new Quantizer(new DjlEngines(), scratch)
        .quantize(
            model(builder),
            QuantizeRequest.of(Optional.empty(), budget),
            inputs,
            (step, share) -> shares.add(share));
  }

  private static OnnxBuilder twoLayers(Tensor first, Tensor second) {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, IN)
        .output("y", DType.FP32, -1, IN)
        .constant("first", first)
        .constant("second", second)
        .node("MatMul", List.of("x", "first"), List.of("h"))
        .node("Tanh", List.of("h"), List.of("t"))
        .node("MatMul", List.of("t", "second"), List.of("y"));
  }

  /** What all channels have in common is large, cancels, and what they differ in is the answer. */
  private static Calibration faintDifferences() {
    List<List<Tensor>> runs = new ArrayList<>();
    for (int run = 0; run < 20; run++) {
      float[] row = drawn(run, IN, 0.5);
      for (int j = 0; j < IN; j++) {
        row[j] += 1000;
      }
      runs.add(List.of(Tensors.fp32(new long[] {1, IN}, row)));
    }
    return Calibration.ofTensors(runs);
  }

  private static Tensor differences() {
    float[] values = Tensors.floats(weights(1, IN, IN));
    for (int n = 0; n < IN; n++) {
      double mean = 0;
      for (int j = 0; j < IN; j++) {
        mean += values[j * IN + n] / IN;
      }
      for (int j = 0; j < IN; j++) {
        values[j * IN + n] -= (float) mean;
      }
    }
    return Tensors.fp32(new long[] {IN, IN}, values);
  }

  @Test
  void theLayerThatHurtsStaysInFp32AndTheOtherDoesNot() throws Exception {
    Quantized quantized =
        quantize(
            twoLayers(differences(), weights(2, IN, IN)),
            faintDifferences(),
            FidelityBudget.DEFAULT);
    LayerReport first = quantized.layers().getFirst();
    assertThat(first.scheme()).isEmpty();
    assertThat(first.detail()).isEqualTo("in INT8 it misses the budget");
    assertThat(quantized.layers().getLast().scheme()).isPresent();
    assertThat(quantized.closeness().orElseThrow().meets(FidelityBudget.DEFAULT)).isTrue();
    assertThat(shares).as("progress").isSorted().endsWith(1.0).hasSizeGreaterThan(20);
  }

  @Test
  void rowsOfVeryDifferentSizesGetScalesOfTheirOwn() throws Exception {
    List<List<Tensor>> runs = new ArrayList<>();
    for (int run = 0; run < 20; run++) {
      double size = run % 2 == 0 ? 1 : 1000;
      runs.add(List.of(Tensors.fp32(new long[] {1, IN}, drawn(run, IN, size))));
    }
    OnnxBuilder one =
        new OnnxBuilder()
            .input("x", DType.FP32, -1, IN)
            .output("y", DType.FP32, -1, IN)
            .constant("w", weights(3, IN, IN))
            .node("MatMul", List.of("x", "w"), List.of("y"));
    Quantized quantized = quantize(one, Calibration.ofTensors(runs), FidelityBudget.DEFAULT);
    assertThat(quantized.layers())
        .singleElement()
        .satisfies(layer -> assertThat(layer.scheme()).contains(QuantScheme.PER_TOKEN));
  }

  @Test
  void aBudgetThatNoLayerMeetsIsSaid() throws Exception {
    OnnxBuilder builder = twoLayers(weights(1, IN, IN), weights(2, IN, IN));
    assertThatThrownBy(() -> quantize(builder, SmallModels.inputs(10), new FidelityBudget(1, 1)))
        .hasMessage(
            "no layer can be quantized within the fidelity budget: mean cosine 1.0, p1 1.0");
  }
}
