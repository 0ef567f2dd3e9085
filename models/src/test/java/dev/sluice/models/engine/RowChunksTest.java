// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.engine.RowChunks.Chunk;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches of tensors are cut between rows, where a packed graph has no room for more. */
class RowChunksTest {
  private static final Packed ROOM = new Packed("fp16", 10, 3, 1);

  @Test
  void asManyTokensAndRowsAsThereIsRoomFor() {
    assertThat(of(4, 6)).containsExactly(new Chunk(0, 2));
    assertThat(of(4, 6, 1)).containsExactly(new Chunk(0, 2), new Chunk(2, 3));
    assertThat(of(1, 1, 1, 1)).containsExactly(new Chunk(0, 3), new Chunk(3, 4));
    assertThat(of(9, 9, 9)).containsExactly(new Chunk(0, 1), new Chunk(1, 2), new Chunk(2, 3));
  }

  @Test
  void aRowThatIsTooLongStandsAlone() {
    assertThat(of(2, 11, 3)).containsExactly(new Chunk(0, 1), new Chunk(1, 2), new Chunk(2, 3));
    assertThat(of(11)).containsExactly(new Chunk(0, 1));
  }

  @Test
  void piecesAreTheWholeAgain() {
    Tensor mask = mask(4, 6, 1, 9);
    List<Tensor> pieces = RowChunks.of(mask, ROOM).stream().map(chunk -> chunk.of(mask)).toList();
    assertThat(pieces).extracting(piece -> piece.dim(0)).containsExactly(2L, 2L);
    Tensor joined = RowChunks.joined(pieces);
    assertThat(joined.shape()).isEqualTo(mask.shape());
    assertThat(joined.data()).isEqualTo(mask.data());
  }

  private static List<Chunk> of(int... lengths) {
    return RowChunks.of(mask(lengths), ROOM);
  }

  private static Tensor mask(int... lengths) {
    int width = 12;
    long[] marks = new long[lengths.length * width];
    for (int row = 0; row < lengths.length; row++) {
      for (int i = 0; i < lengths[row]; i++) {
        marks[row * width + i] = 1;
      }
    }
    return TensorValues.ofLongs(new long[] {lengths.length, width}, marks);
  }
}
