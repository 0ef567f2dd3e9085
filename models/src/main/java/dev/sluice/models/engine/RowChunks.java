// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a batch of tensors, all with as many rows, into pieces that a packed graph has room for: who
 * batches tensors counts rows, not the tokens in them.
 */
final class RowChunks {
  /**
   * @param from the first row
   * @param to behind the last one
   */
  record Chunk(int from, int to) {
    Tensor of(Tensor tensor) {
      int row = tensor.byteSize() / Math.toIntExact(tensor.dim(0));
      long[] shape = tensor.shape();
      shape[0] = (long) to - from;
      return new Tensor(tensor.type(), shape, tensor.data().slice(from * row, (to - from) * row));
    }
  }

  private RowChunks() {}

  /**
   * At least one row in each, so that one which is too long by itself is refused by who runs it.
   *
   * @param mask INT64 {@code [rows, width]}, where 1 counts
   */
  static List<Chunk> of(Tensor mask, Packed room) {
    List<Chunk> chunks = new ArrayList<>();
    ByteBuffer marks = mask.data();
    int rows = Math.toIntExact(mask.dim(0));
    int width = Math.toIntExact(mask.dim(1));
    int from = 0;
    int tokens = 0;
    for (int row = 0; row < rows; row++) {
      int length = 0;
      for (int i = 0; i < width; i++) {
        length += marks.getLong() == 1 ? 1 : 0;
      }
      boolean full = tokens + length > room.tokens() || row - from == room.rows();
      if (full && row > from) {
        chunks.add(new Chunk(from, row));
        from = row;
        tokens = 0;
      }
      tokens += length;
    }
    chunks.add(new Chunk(from, rows));
    return chunks;
  }

  /** Rows behind rows. */
  static Tensor joined(List<Tensor> pieces) {
    int bytes = 0;
    long rows = 0;
    for (Tensor piece : pieces) {
      bytes = Math.addExact(bytes, piece.byteSize());
      rows += piece.dim(0);
    }
    ByteBuffer all = ByteBuffer.allocate(bytes);
    pieces.forEach(piece -> all.put(piece.data()));
    long[] shape = pieces.getFirst().shape();
    shape[0] = rows;
    return new Tensor(pieces.getFirst().type(), shape, all.flip());
  }
}
