// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.testing.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorBatchesTest {
  @Test
  void rowsFollowEachOtherAndComeApartAgain() {
    Tensor one = Tensors.fp32(new long[] {1, 2}, 1, 2);
    Tensor two = Tensors.fp32(new long[] {2, 2}, 3, 4, 5, 6);

    Tensor batch = TensorBatches.concatenate(List.of(one, two));

    assertThat(batch.shape()).containsExactly(3, 2);
    assertThat(Tensors.floats(batch)).containsExactly(1, 2, 3, 4, 5, 6);
    List<Tensor> parts = TensorBatches.split(batch, List.of(1, 2));
    assertThat(parts.get(0).data()).isEqualTo(one.data());
    assertThat(parts.get(1).data()).isEqualTo(two.data());
    assertThat(parts.get(1).shape()).containsExactly(2, 2);
  }

  @Test
  void stringsToo() {
    Tensor one = Tensors.strings(new long[] {1, 2}, "a", "");
    Tensor two = Tensors.strings(new long[] {2, 2}, "long one", "b", "c", "d");

    Tensor batch = TensorBatches.concatenate(List.of(one, two));

    assertThat(Tensors.strings(batch)).containsExactly("a", "", "long one", "b", "c", "d");
    List<Tensor> parts = TensorBatches.split(batch, List.of(1, 1, 1));
    assertThat(Tensors.strings(parts.get(0))).containsExactly("a", "");
    assertThat(Tensors.strings(parts.get(1))).containsExactly("long one", "b");
    assertThat(Tensors.strings(parts.get(2))).containsExactly("c", "d");
  }

  @Test
  void oneTensorAloneIsNotCopied() {
    Tensor one = Tensors.fp32(new long[] {1, 2}, 1, 2);

    assertThat(TensorBatches.concatenate(List.of(one))).isSameAs(one);
  }

  @Test
  void rowsMayBeEmpty() {
    Tensor batch =
        TensorBatches.concatenate(
            List.of(Tensors.fp32(new long[] {2, 0}), Tensors.fp32(new long[] {1, 0})));

    assertThat(batch.shape()).containsExactly(3, 0);
    assertThat(TensorBatches.split(batch, List.of(0, 3)).get(1).shape()).containsExactly(3, 0);
  }

  @Test
  void onlyTensorsOfOneKindShareABatch() {
    Tensor a = Tensors.fp32(new long[] {1, 2}, 1, 2);

    for (Tensor other :
        List.of(
            Tensors.fp32(new long[] {1, 1}, 1),
            Tensors.fp32(new long[] {2}, 1, 2),
            Tensors.int32(new long[] {1, 2}, 1, 2))) {
      assertThatThrownBy(() -> TensorBatches.concatenate(List.of(a, other)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot share a batch");
    }
  }

  @Test
  void theRangesMustCoverAllRows() {
    Tensor batch = Tensors.fp32(new long[] {2}, 1, 2);

    assertThatThrownBy(() -> TensorBatches.split(batch, List.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("FP32[2] does not have 1 rows");
  }
}
