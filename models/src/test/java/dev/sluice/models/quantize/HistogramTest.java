// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static final int MANY = 100_000;

  /** Most between -1 and 1, a few far out. */
  private static Histogram bell(double far, int howMany) {
    Histogram histogram = new Histogram(new ValueRange(-far, far));
    Random random = new Random(7);
    for (int i = 0; i < MANY; i++) {
      histogram.add(Math.clamp(random.nextGaussian() / 4, -far, far));
    }
    for (int i = 0; i < howMany; i++) {
      histogram.add(far);
    }
    return histogram;
  }

  @Test
  void thePercentileCutsTheFewThatAreFurthestOut() {
    // One in ten thousand, half of it at each end: five of these hundred thousand.
    assertThat(bell(10, 4).percentile().high()).isBetween(0.8, 1.5);
    assertThat(bell(10, 40).percentile().high()).isCloseTo(10, within(1e-9));
  }

  @Test
  void entropyGivesUpWhatIsRareForFinerSteps() {
    ValueRange range = bell(10, 3).entropy();
    assertThat(range.high()).isLessThan(6);
    assertThat(range.low()).isEqualTo(-range.high());
  }

  @Test
  void entropyKeepsWhatIsCommon() {
    Histogram flat = new Histogram(new ValueRange(0, 4));
    for (int i = 0; i < MANY; i++) {
      flat.add(4.0 * i / MANY);
    }
    assertThat(flat.entropy().high()).isGreaterThan(3.9);
    assertThat(flat.entropy().low()).isZero();
  }

  @Test
  void zeroStaysInside() {
    Histogram above = new Histogram(new ValueRange(0, 8));
    for (int i = 0; i < MANY; i++) {
      above.add(5);
    }
    assertThat(above.percentile().low()).isZero();
    assertThat(above.percentile().high()).isCloseTo(5, within(0.01));
  }

  @Test
  void aTensorOfZerosHasARangeToo() {
    Histogram zeros = new Histogram(new ValueRange(0, 0));
    zeros.add(0);
    assertThat(zeros.percentile()).isEqualTo(new ValueRange(0, 0));
    assertThat(zeros.entropy()).isEqualTo(new ValueRange(0, 0));
  }
}
