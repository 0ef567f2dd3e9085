// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.gpucheck.GpuCheckOutcome.Checked;
import java.time.LocalDate;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultLineTest {
  private static final Checked MEASURED =
      new Checked(
          "A card",
          "580.1, runs CUDA up to 13.0",
          false,
          11,
          12,
          OptionalDouble.of(0.41237),
          OptionalDouble.of(1.555),
          OptionalDouble.of(1.204));

  @Test
  void figuresAreRoundedAndWhatIsMissingSaysSo() {
    assertThat(ResultLine.of(MEASURED, OptionalDouble.of(98_765.4)))
        .isEqualTo(
            "RESULT kernels_ok=11/12 fp16_ceiling_share_base_128=0.412"
                + " int8_vs_fp16_base_128=1.56 vs_pytorch_base_128=1.20"
                + " grpc_texts_per_s_minilm=98765");
    OptionalDouble none = OptionalDouble.empty();
    assertThat(ResultLine.of(new Checked("A card", "x", true, 10, 10, none, none, none), none))
        .isEqualTo(
            "RESULT kernels_ok=10/10 fp16_ceiling_share_base_128=n/a int8_vs_fp16_base_128=n/a"
                + " vs_pytorch_base_128=n/a grpc_texts_per_s_minilm=n/a");
  }

  @Test
  void theRowHasTheCellsOfTheTable() {
    assertThat(ResultLine.row(LocalDate.of(2026, 2, 3), MEASURED, OptionalDouble.empty()))
        .isEqualTo(
            "| 2026-02-03 | A card | 580.1, runs CUDA up to 13.0 | 11/12 | 0.412 | 1.56 | 1.20"
                + " | n/a |");
  }
}
