// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseTest {
  private static final double OF_WEIGHT_ONE = 1.0 / 127 / 127 / 12;

  private static Noise of(float[] weights, float[]... rows) {
    Matrix matrix = new Matrix(weights, weights.length, 1);
    return new Noise(List.of(matrix), rows, WeightRange.FULL);
  }

  private static TensorPlan.Fixed fixed(ByteScale scale, int... outliers) {
    return new TensorPlan.Fixed(Smoothing.NONE, scale, new Outliers(outliers));
  }

  @Test
  void isThePowerOfTheErrorOverThatOfTheResult() {
    // 1.2 is held as 1 and 2.4 as 2: errors of 0.2 and 0.4, each of its own result.
    Noise noise = of(new float[] {1}, new float[] {1.2f}, new float[] {2.4f});
    double rounding = (0.04 / 1.44 + 0.16 / 5.76) / 2;
    assertThat(noise.of(fixed(new ByteScale(1, 0))))
        .isCloseTo(rounding + OF_WEIGHT_ONE, within(1e-7));
  }

  @Test
  void whatOutliersHaveBeyondTheScaleIsNotLost() {
    Noise noise = of(new float[] {1, 1}, new float[] {300, 2});
    ByteScale scale = new ByteScale(1, 0);
    double weights = 2 * OF_WEIGHT_ONE;
    assertThat(noise.of(fixed(scale))).isCloseTo(45 * 45 / 90004.0, within(1e-4));
    assertThat(noise.of(fixed(scale, 0))).isLessThan(weights);
  }

  @Test
  void eachTokenHasStepsThatFitIt() {
    // To their own largest, both rows are the same: 127 steps and 63.5, which is rounded.
    Noise one = of(new float[] {1, 1}, new float[] {1, 0.5f});
    Noise both = of(new float[] {1, 1}, new float[] {1, 0.5f}, new float[] {1000, 500});
    TensorPlan.PerToken plan = new TensorPlan.PerToken(Smoothing.NONE);
    assertThat(both.of(plan)).isCloseTo(one.of(plan), within(1e-9));
    double rounding = 0.25 / 127 / 127 / 1.25;
    assertThat(one.of(plan)).isCloseTo(rounding + OF_WEIGHT_ONE, within(1e-7));
  }

  @Test
  void aValueThatIsAlwaysZeroHasNone() {
    Noise noise = of(new float[] {1, 2}, new float[] {0, 0});
    assertThat(noise.of(fixed(new ByteScale(1, 0)))).isZero();
    assertThat(noise.of(new TensorPlan.PerToken(Smoothing.NONE))).isZero();
  }
}
