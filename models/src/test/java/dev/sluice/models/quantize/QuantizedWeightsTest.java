// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuantizedWeightsTest {

  @Test
  void eachColumnHasAScaleOfItsOwn() {
    Matrix matrix = new Matrix(new float[] {127, -1, 63, 0.5f, -127, 0}, 3, 2);
    QuantizedWeights quantized = QuantizedWeights.of(matrix, WeightRange.FULL);
    assertThat(quantized.scales()).containsExactly(1, 1f / 127);
    assertThat(quantized.values()).containsExactly(127, -127, 63, 64, -127, 0);
  }

  @Test
  void halvesGoToTheEvenNeighbour() {
    Matrix matrix = new Matrix(new float[] {127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f}, 6, 1);
    assertThat(QuantizedWeights.of(matrix, WeightRange.FULL).values())
        .containsExactly(127, 0, 2, 2, 0, -2);
  }

  @Test
  void sevenBitsKeepWithin64() {
    Matrix matrix = new Matrix(new float[] {-6.4f, 6.4f, 3.2f}, 3, 1);
    QuantizedWeights quantized = QuantizedWeights.of(matrix, WeightRange.SEVEN_BITS);
    assertThat(quantized.scales()).containsExactly(0.1f);
    assertThat(quantized.values()).containsExactly(-64, 64, 32);
  }

  @Test
  void columnsOfZerosStayZero() {
    Matrix matrix = new Matrix(new float[] {0, Float.MIN_VALUE, 0, -Float.MIN_VALUE}, 2, 2);
    QuantizedWeights quantized = QuantizedWeights.of(matrix, WeightRange.FULL);
    assertThat(quantized.scales()).containsExactly(1, 1);
    assertThat(quantized.values()).containsOnly(0);
  }
}
