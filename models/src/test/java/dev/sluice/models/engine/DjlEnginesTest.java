// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.kernels.CudaCard;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Specs;
import dev.sluice.models.testing.TorchScripts;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that were built for the CPU, on a machine with a card and on one without. */
class DjlEnginesTest {
  private static final Engines CARD =
      new DjlEngines(
          () ->
              new CudaProbe.Present(
                  "13.0", List.of(new CudaCard(0, "Card", "9.0", 1L << 36, OptionalLong.empty()))));
  private static final Engines NO_CARD =
      new DjlEngines(() -> new CudaProbe.Absent("no NVIDIA driver: libcuda.so.1 not found"));

  @TempDir Path folder;

  @BeforeEach
  void onlyWithTheCpuLibraries() {
    assumeThat(EngineReport.all(false))
        .as("built with the profile gpu")
        .filteredOn(engine -> !engine.name().equals(SluiceCuda.NAME))
        .allSatisfy(engine -> assertThat(engine.providers()).doesNotContain("CUDA"));
  }

  private ModelSpec onnx(DeviceChoice device) {
    return on(device, OnnxModels.identity(DType.FP32, -1).write(folder.resolve("model.onnx")));
  }

  private ModelSpec torch(DeviceChoice device) {
    return on(device, TorchScripts.identity(folder.resolve("model.pt")));
  }

  private static ModelSpec on(DeviceChoice device, Path file) {
    ModelSettings settings =
        new ModelSettings(
            device,
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Duration.ZERO,
            OptionalInt.empty(),
            Duration.ZERO);
    return Specs.of(file, ModelConfig.getDefaultInstance(), settings);
  }

  @Test
  void autoIsTheCpuWhereTheLibrariesCannotUseTheCard() throws Exception {
    for (ModelSpec spec : List.of(onnx(DeviceChoice.AUTO), torch(DeviceChoice.AUTO))) {
      for (Engines engines : List.of(CARD, NO_CARD)) {
        try (Graph graph = engines.load(spec)) {
          assertThat(graph.device()).isEqualTo("cpu");
        }
      }
    }
  }

  @Test
  void aDemandedCardNeedsLibrariesThatCanUseIt() {
    DeviceChoice gpu = new DeviceChoice.Gpu(0);

    assertThatThrownBy(() -> CARD.load(onnx(gpu)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the device gpu:0 cannot be had: this ONNX Runtime is the CPU build");
    assertThatThrownBy(() -> CARD.load(torch(gpu)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the PyTorch libraries are the CPU build");
    assertThatThrownBy(() -> NO_CARD.load(torch(gpu)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no NVIDIA driver: libcuda.so.1 not found");
  }
}
