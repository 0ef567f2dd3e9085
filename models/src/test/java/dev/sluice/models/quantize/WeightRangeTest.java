// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightRangeTest {

  @ParameterizedTest
  @ValueSource(strings = {"avx512_vnni", "avx_vnni", "amx_int8"})
  void processorsWithWideSumsTakeAllOfInt8(String flag) {
    assertThat(
            WeightRange.ofCpuInfo(
                List.of("model name\t: some", "flags\t\t: fpu avx2 " + flag + " fsrm")))
        .isEqualTo(WeightRange.FULL);
  }

  @Test
  void othersOverflowUnlessWeightsAreSmall() {
    assertThat(WeightRange.ofCpuInfo(List.of("flags\t\t: fpu sse avx2 avx512f", "bugs : avx_vnni")))
        .isEqualTo(WeightRange.SEVEN_BITS);
    assertThat(2 * 255 * WeightRange.SEVEN_BITS.most()).isLessThanOrEqualTo(Short.MAX_VALUE);
  }
}
