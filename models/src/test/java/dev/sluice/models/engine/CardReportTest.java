// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernels.CudaCard;
import dev.sluice.kernels.CudaProbe;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class CardReportTest {
  @Test
  void eachCardIsOneLine() {
    CudaCard card = new CudaCard(1, "NVIDIA H200", "9.0", 139L << 30, OptionalLong.of(100L << 30));
    assertThat(CardReport.of(new CudaProbe.Present("13.0", List.of(card))).cards())
        .containsExactly(
            "gpu:1 NVIDIA H200, compute capability 9.0, 139.0 GiB, 100.0 GiB free;"
                + " the driver runs CUDA up to 13.0");
  }

  @Test
  void theReasonForNoCardsIsKept() {
    CardReport report = CardReport.of(new CudaProbe.Absent("no NVIDIA driver"));
    assertThat(report.cards()).isEmpty();
    assertThat(report.absent()).hasValue("no NVIDIA driver");
  }
}
