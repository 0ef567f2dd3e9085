// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.testing.Tensors;
import org.junit.jupiter.api.Test;

class ActivationStatsTest {

  @Test
  void keepsTheRangeOfEachChannel() throws Exception {
    ActivationStats stats = new ActivationStats(2, 4);
    stats.add(Tensors.fp32(new long[] {1, 2, 2}, 1, -5, 3, 2));
    stats.add(Tensors.fp32(new long[] {1, 2}, -2, 4));
    assertThat(stats.low(0)).isEqualTo(-2);
    assertThat(stats.high(0)).isEqualTo(3);
    assertThat(stats.magnitudes()).containsExactly(3, 5);
    assertThat(stats.sample()).hasDimensions(3, 2);
  }

  @Test
  void keepsNoMoreRowsThanAskedForHoweverManyCome() throws Exception {
    ActivationStats stats = rowsOf(10_000);
    assertThat(stats.sample()).hasDimensions(8, 1);
    assertThat(stats.sample()).isDeepEqualTo(rowsOf(10_000).sample());
    // From all over, not only the first ones.
    assertThat(stats.sample()[0][0] + stats.sample()[7][0]).isGreaterThan(16);
  }

  private static ActivationStats rowsOf(int count) throws Exception {
    ActivationStats stats = new ActivationStats(1, 8);
    for (int i = 0; i < count; i++) {
      stats.add(Tensors.fp32(new long[] {1, 1}, i));
    }
    return stats;
  }

  @Test
  void refusesWhatIsNoFiniteNumber() {
    ActivationStats stats = new ActivationStats(2, 4);
    assertThatThrownBy(() -> stats.add(Tensors.fp32(new long[] {1, 2}, 1, Float.NaN)))
        .hasMessage("the model computes what is no finite number");
  }
}
