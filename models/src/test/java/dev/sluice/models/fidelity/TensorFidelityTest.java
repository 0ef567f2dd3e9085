// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.LoadedTensorModel;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Specs;
import dev.sluice.models.testing.Tensors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small models that the engine runs. */
class TensorFidelityTest {
  @TempDir private Path folder;

  private Fidelity measure(OnnxBuilder model, OnnxBuilder variant) throws EngineException {
    DjlEngines engines = new DjlEngines();
    try (LoadedTensorModel own =
            LoadedTensorModel.load(Specs.of(model.write(folder.resolve("a.onnx"))), engines, 1);
        LoadedTensorModel derived =
            LoadedTensorModel.load(Specs.of(variant.write(folder.resolve("b.onnx"))), engines, 1)) {
      return new FidelityMeter(() -> 0)
          .ofTensors(own, derived, DrawnTensors.draw(own.inputs(), 30), 1, share -> {});
    }
  }

  /** {@code y = x / max |x|}, over the whole batch: what a dynamic scale does. */
  private static OnnxBuilder scaledByTheBatch() {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, 4)
        .output("y", DType.FP32, -1, 4)
        .constant("half", Tensors.fp32(new long[] {4}, 0.01f, 0.3f, 0.02f, 0.5f))
        .node("Abs", List.of("x"), List.of("abs"))
        .node("ReduceMax", List.of("abs"), List.of("max"), OnnxBuilder.integer("keepdims", 0))
        .node("Div", List.of("x", "max"), List.of("share"))
        .node("Add", List.of("share", "half"), List.of("y"));
  }

  private static OnnxBuilder identity() {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, 4)
        .output("y", DType.FP32, -1, 4)
        .node("Identity", List.of("x"), List.of("y"));
  }

  @Test
  void rowsAreComparedOneByOne() throws Exception {
    Fidelity fidelity =
        measure(OnnxModels.matmul(2, 2, 1, 0, 0, 1), OnnxModels.matmul(2, 2, 1, 0, 0, 1.0001f));
    assertThat(fidelity.cosineMin()).isBetween(0.99999, 1 - 1e-12);
    assertThat(fidelity.maxError()).isBetween(1e-6, 1e-3);
    assertThat(fidelity.batchCosineMin()).isGreaterThan(1 - 1e-9);
  }

  @Test
  void aRowThatItsBatchChangesIsFound() throws Exception {
    assertThat(measure(identity(), scaledByTheBatch()).batchCosineMin()).isLessThan(0.999);
  }

  @Test
  void aModelWhoseFirstAxisIsNoBatchIsNotJudgedByBatches() throws Exception {
    assertThat(measure(scaledByTheBatch(), scaledByTheBatch()).batchCosineMin()).isEqualTo(1);
  }

  @Test
  void singleNumbersAreComparedAsOneVector() throws Exception {
    Fidelity same = measure(OnnxModels.matmul(2, 1, 1, 2), OnnxModels.matmul(2, 1, 1, 2));
    assertThat(same.cosineMin()).isEqualTo(1);
    Fidelity other = measure(OnnxModels.matmul(2, 1, 1, 0), OnnxModels.matmul(2, 1, 1, 1));
    assertThat(other.cosineMin()).isCloseTo(0.7, within(0.25)).isLessThan(0.99);
  }

  @Test
  void outputsOfOtherShapesAreRefused() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () -> measure(OnnxModels.matmul(2, 1, 1, 2), OnnxModels.matmul(2, 2, 1, 2, 3, 4)))
        .withMessage("the variant's outputs are not of the model's shapes");
  }

  @Test
  void textsCannotBeDrawn() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () -> DrawnTensors.draw(List.of(new TensorSpec("q", DType.BYTES, List.of(-1L))), 1))
        .withMessageContaining("'q' takes texts")
        .withMessageContaining("give calibration inputs");
  }
}
