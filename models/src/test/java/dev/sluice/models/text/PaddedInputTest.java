// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.text.PaddedInput.Column;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.junit.jupiter.api.Test;

class PaddedInputTest {
  private static final int[][] BATCH = {{11, 12, 13}, {21}};
  private static final int PAD = 9;

  private static long[] fill(Column column) {
    return longs(new PaddedInput(column, DType.INT64, PAD).fill(BATCH, 4));
  }

  private static long[] longs(Tensor tensor) {
    LongBuffer data = tensor.data().asLongBuffer();
    long[] values = new long[data.remaining()];
    data.get(values);
    return values;
  }

  @Test
  void everyColumnIsPaddedAtTheRowEnds() {
    assertThat(fill(Column.INPUT_IDS)).containsExactly(11, 12, 13, PAD, 21, PAD, PAD, PAD);
    assertThat(fill(Column.ATTENTION_MASK)).containsExactly(1, 1, 1, 0, 1, 0, 0, 0);
    assertThat(fill(Column.TOKEN_TYPE_IDS)).containsOnly(0);
    assertThat(fill(Column.POSITION_IDS)).containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
  }

  @Test
  void shapeIsRowsByWidth() {
    Tensor tensor = new PaddedInput(Column.INPUT_IDS, DType.INT32, PAD).fill(BATCH, 3);
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThat(tensor.type()).isEqualTo(DType.INT32);
    assertThat(tensor.data().isDirect()).isTrue();
    IntBuffer data = tensor.data().asIntBuffer();
    int[] values = new int[data.remaining()];
    data.get(values);
    assertThat(values).containsExactly(11, 12, 13, 21, PAD, PAD);
  }

  @Test
  void smallerBatchAfterALargeOneHasNothingLeftOfIt() {
    PaddedInput ids = new PaddedInput(Column.INPUT_IDS, DType.INT64, PAD);
    assertThat(longs(ids.fill(BATCH, 3))).hasSize(6);
    assertThat(longs(ids.fill(new int[][] {{5}}, 2))).containsExactly(5, PAD);
    assertThat(longs(ids.fill(new int[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}}, 2)))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void onlyIntegersHoldIds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PaddedInput(Column.INPUT_IDS, DType.FP32, PAD));
  }

  @Test
  void inputsAreKnownByTheirNames() {
    assertThat(Column.ofInput("token_type_ids")).contains(Column.TOKEN_TYPE_IDS);
    assertThat(Column.ofInput("INPUT_IDS")).isEmpty();
    assertThat(Column.ofInput("pixel_values")).isEmpty();
  }
}
