// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SmoothingTest {

  @Test
  void halfOfTheDifferenceGoesIntoTheWeights() {
    // sqrt(16 / 1) = 4 and sqrt(1 / 1) = 1, and their usual size is 2.
    Smoothing smoothing = Smoothing.of(new float[] {16, 1}, new float[] {1, 1}, 0.5);
    assertThat(smoothing.of(0)).isCloseTo(2, within(1e-6f));
    assertThat(smoothing.of(1)).isCloseTo(0.5f, within(1e-6f));
  }

  @Test
  void allOfItMakesChannelsAlike() {
    Smoothing smoothing = Smoothing.of(new float[] {100, 1}, new float[] {3, 7}, 1);
    assertThat(100 / smoothing.of(0)).isCloseTo(1 / smoothing.of(1), within(1e-4f));
  }

  @Test
  void theWeightsAreMultipliedByWhatTheChannelsAreDividedBy() {
    Smoothing smoothing = new Smoothing(new float[] {4, 0.5f});
    Matrix weights = smoothing.weights(new Matrix(new float[] {1, 2, 3, 4}, 2, 2));
    assertThat(weights.values()).containsExactly(4, 8, 1.5f, 2);
    assertThat(smoothing.inverse()).containsExactly(0.25f, 2);
  }

  @Test
  void channelsAndWeightsOfZerosAreLeftAlone() {
    Smoothing smoothing = Smoothing.of(new float[] {0, 5, 7}, new float[] {1, 0, 1}, 0.5);
    assertThat(smoothing.factors()).containsExactly(1, 1, 1);
  }

  @Test
  void noFactorIsBeyondWhatFloatsBear() {
    Smoothing smoothing = Smoothing.of(new float[] {1e30f, 1e-30f}, new float[] {1, 1}, 1);
    assertThat(smoothing.factors()).containsExactly(1e4f, 1e-4f);
  }
}
