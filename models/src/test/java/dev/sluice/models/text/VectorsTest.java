// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {
  @Test
  void normalizedVectorHasLengthOne() {
    assertThat(Vectors.normalized(new float[] {3, 4})).containsExactly(0.6f, 0.8f);
    assertThat(Vectors.normalized(new float[] {3e30f, -4e30f}))
        .containsExactly(new float[] {0.6f, -0.8f}, within(1e-6f));
    assertThat(Vectors.normalized(new float[] {0, 0})).containsExactly(0, 0);
  }

  @Test
  void leavesItsArgumentAlone() {
    float[] vector = {3, 4};
    Vectors.shape(vector, 1, true);
    assertThat(vector).containsExactly(3, 4);
  }

  @Test
  void cutsBeforeItNormalizes() {
    float[] vector = {3, 4, 12};
    assertThat(Vectors.shape(vector, 2, true)).containsExactly(0.6f, 0.8f);
    assertThat(Vectors.shape(vector, 2, false)).containsExactly(3, 4);
    assertThat(Vectors.shape(vector, 3, false)).containsExactly(3, 4, 12);
    assertThat(Vectors.shape(vector, 0, false)).containsExactly(3, 4, 12);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4})
  void refusesDimensionsThatTheModelDoesNotHave(int dimensions) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vectors.shape(new float[] {3, 4, 12}, dimensions, true))
        .withMessage("dimensions is " + dimensions + ", the model has 1 to 3");
  }

  @Test
  void writesLittleEndianAfterWhatIsThere() {
    ByteBuffer buffer = ByteBuffer.allocate(12).order(ByteOrder.BIG_ENDIAN);
    buffer.position(2);
    Vectors.write(new float[] {1, -2}, buffer);
    assertThat(buffer.position()).isEqualTo(10);
    assertThat(buffer.array()).containsExactly(0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0);
  }

  @Test
  void tellsFiniteVectors() {
    assertThat(Vectors.finite(new float[] {0, Float.MAX_VALUE})).isTrue();
    assertThat(Vectors.finite(new float[] {0, Float.NaN})).isFalse();
    assertThat(Vectors.finite(new float[] {Float.NEGATIVE_INFINITY, 0})).isFalse();
  }

  @Test
  void cosineIsThatOfTheAngle() {
    assertThat(Vectors.cosine(new float[] {1, 1}, new float[] {2, 0}))
        .isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(Vectors.cosine(new float[] {1, 1}, new float[] {0, 0})).isZero();
  }
}
