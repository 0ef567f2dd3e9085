// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.gpucheck.GpuCheckOutcome;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultLineTest {
  @Test
  void figuresAreRoundedAndWhatIsMissingSaysSo() {
    assertThat(
            ResultLine.of(
                new GpuCheckOutcome.Checked(
                    false, 11, 12, OptionalDouble.of(0.41237), OptionalDouble.of(1.555)),
                OptionalDouble.of(98_765.4)))
        .isEqualTo(
            "RESULT kernels_ok=11/12 fp16_ceiling_share_base_128=0.412"
                + " int8_vs_fp16_base_128=1.56 vs_pytorch_base_128=n/a"
                + " grpc_texts_per_s_minilm=98765");
    assertThat(
            ResultLine.of(
                new GpuCheckOutcome.Checked(
                    true, 10, 10, OptionalDouble.empty(), OptionalDouble.empty()),
                OptionalDouble.empty()))
        .isEqualTo(
            "RESULT kernels_ok=10/10 fp16_ceiling_share_base_128=n/a int8_vs_fp16_base_128=n/a"
                + " vs_pytorch_base_128=n/a grpc_texts_per_s_minilm=n/a");
  }
}
