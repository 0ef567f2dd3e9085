// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolerTest {
  private static final int WIDTH = 7;
  private static final int H = 5;
  private static final int[] LENGTHS = {7, 1, 4};

  private final Random random = new Random(42);
  private final float[][][] states = new float[LENGTHS.length][WIDTH][H];

  PoolerTest() {
    for (float[][] row : states) {
      for (float[] token : row) {
        for (int i = 0; i < H; i++) {
          token[i] = (float) random.nextGaussian();
        }
      }
    }
  }

  private Tensor tensor(DType type) {
    ByteBuffer data =
        ByteBuffer.allocate(LENGTHS.length * WIDTH * H * type.byteSize())
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[][] row : states) {
      for (float[] token : row) {
        for (float x : token) {
          switch (type) {
            case FP16 -> data.putShort(Float.floatToFloat16(x));
            case BF16 -> data.putShort((short) (Float.floatToIntBits(x) >>> 16));
            default -> data.putFloat(x);
          }
        }
      }
    }
    return new Tensor(type, new long[] {LENGTHS.length, WIDTH, H}, data.flip());
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "FP16", "BF16"})
  void meanCountsTheTokensAndNeverThePadding(DType type) {
    float[][] pooled = Pooler.of(Pooling.MEAN).pool(tensor(type), LENGTHS);
    double close = type == DType.FP32 ? 1e-6 : type == DType.FP16 ? 2e-3 : 2e-2;
    for (int row = 0; row < LENGTHS.length; row++) {
      for (int i = 0; i < H; i++) {
        double sum = 0;
        for (int t = 0; t < LENGTHS[row]; t++) {
          sum += states[row][t][i];
        }
        assertThat((double) pooled[row][i]).isCloseTo(sum / LENGTHS[row], within(close));
      }
    }
  }

  @Test
  void meanOfNothingIsZero() {
    float[][] pooled = Pooler.of(Pooling.MEAN).pool(tensor(DType.FP32), new int[] {0, 1, 1});
    assertThat(pooled[0]).containsOnly(0);
  }

  @Test
  void clsIsTheFirstToken() {
    float[][] pooled = Pooler.of(Pooling.CLS).pool(tensor(DType.FP32), LENGTHS);
    for (int row = 0; row < LENGTHS.length; row++) {
      assertThat(pooled[row]).containsExactly(states[row][0]);
    }
  }

  @Test
  void lastTokenIsTheLastThatIsNoPadding() {
    float[][] pooled = Pooler.of(Pooling.LAST_TOKEN).pool(tensor(DType.FP32), LENGTHS);
    for (int row = 0; row < LENGTHS.length; row++) {
      assertThat(pooled[row]).containsExactly(states[row][LENGTHS[row] - 1]);
    }
  }

  @Test
  void noneTakesVectorsAsTheyAre() {
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1).putFloat(2).putFloat(3).putFloat(4).flip();
    float[][] pooled =
        Pooler.of(Pooling.NONE)
            .pool(new Tensor(DType.FP32, new long[] {2, 2}, data), new int[] {9, 9});
    assertThat(pooled[0]).containsExactly(1, 2);
    assertThat(pooled[1]).containsExactly(3, 4);
  }

  @Test
  void otherTypesAreRefused() {
    assertThat(Pooler.supports(DType.INT8)).isFalse();
    Tensor bytes = new Tensor(DType.INT8, new long[] {1, 1, 1}, ByteBuffer.allocate(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pooler.of(Pooling.MEAN).pool(bytes, new int[] {1}));
  }
}
