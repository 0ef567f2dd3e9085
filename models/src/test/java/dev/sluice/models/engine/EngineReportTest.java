// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernels.CudaProbe;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineReportTest {
  @Test
  void onnxRuntimeTellsItsTrueVersionAndPyTorchIsOnlyNamed() {
    assertThat(EngineReport.all(false))
        .satisfiesExactly(
            onnx -> {
              assertThat(onnx.name()).isEqualTo("OnnxRuntime");
              assertThat(onnx.version()).hasValue("1.28.0");
              assertThat(onnx.providers()).contains("CPU");
              assertThat(onnx.loaded()).isTrue();
              assertThat(onnx.problem()).isEmpty();
            },
            torch -> {
              assertThat(torch.name()).isEqualTo("PyTorch");
              assertThat(torch.version()).hasValue("2.7.1");
              assertThat(torch.providers()).contains("CPU");
              assertThat(torch.loaded()).isFalse();
              assertThat(torch.problem()).isEmpty();
            },
            card -> assertThat(card.name()).isEqualTo("SluiceCuda"));
  }

  @Test
  void theEngineForCardsIsAbsentWithoutOneAndThatIsNoFault() {
    assertThat(EngineReport.sluiceCuda(new CudaProbe.Absent("no NVIDIA driver")))
        .satisfies(
            report -> {
              assertThat(report.absent()).hasValue("no NVIDIA driver");
              assertThat(report.problem()).isEmpty();
              assertThat(report.providers()).isEmpty();
            });
    assertThat(EngineReport.sluiceCuda(new CudaProbe.Present("13.0", List.of())))
        .satisfies(
            report -> {
              assertThat(report.absent()).isEmpty();
              assertThat(report.providers()).containsExactly("CUDA");
            });
  }

  @Test
  void pyTorchIsLoadedWhenAskedFor() {
    assertThat(EngineReport.all(true))
        .anySatisfy(
            torch -> {
              assertThat(torch.name()).isEqualTo("PyTorch");
              assertThat(torch.loaded()).isTrue();
              assertThat(torch.version()).hasValue("2.7.1");
            });
  }
}
