// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ByteScaleTest {

  @Test
  void theRangeIsSpreadOver256Levels() {
    ByteScale scale = ByteScale.of(-51, 204);
    assertThat(scale).isEqualTo(new ByteScale(1, 51));
    assertThat(scale.low()).isEqualTo(-51);
    assertThat(scale.high()).isEqualTo(204);
  }

  @Test
  void zeroHasALevelWhereverTheRangeIs() {
    assertThat(ByteScale.of(51, 255)).isEqualTo(new ByteScale(1, 0));
    assertThat(ByteScale.of(-255, -51)).isEqualTo(new ByteScale(1, 255));
    ByteScale odd = ByteScale.of(-0.17, 24.7);
    assertThat(odd.nearest(0)).isZero();
    assertThat(odd.zero()).isEqualTo(2);
  }

  @Test
  void halvesGoToTheEvenNeighbourAndTheRestToTheEnds() {
    ByteScale scale = new ByteScale(1, 100);
    assertThat(scale.nearest(0.5f)).isZero();
    assertThat(scale.nearest(1.5f)).isEqualTo(2);
    assertThat(scale.nearest(1000)).isEqualTo(155);
    assertThat(scale.nearest(-1000)).isEqualTo(-100);
  }

  @Test
  void nothingButZerosHasAnyScale() {
    assertThat(ByteScale.of(0, 0)).isEqualTo(new ByteScale(1, 0));
    assertThat(ByteScale.of(0, 2.55e-30).step()).isCloseTo(1e-32f, within(1e-37f));
  }
}
