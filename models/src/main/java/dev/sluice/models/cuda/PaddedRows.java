// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.PackedBatch;

/**
 * A batch as callers have it, {@code [rows, width]}, each row's tokens at its beginning.
 *
 * @param lengths tokens of each row
 */
@SuppressWarnings("ArrayRecordComponent") // hot: one per batch, never compared
record PaddedRows(int width, int[] lengths, PackedBatch packed) {

  /**
   * Leaves the padding out.
   *
   * @param ids and the others {@code [rows * width]}
   * @param types empty where all tokens are of type 0
   * @throws IllegalArgumentException where a row has no tokens, or padding in front of one, or an
   *     id is no int
   */
  static PaddedRows of(int rows, int width, long[] ids, long[] mask, long[] types) {
    int[] lengths = new int[rows];
    int[] starts = new int[rows + 1];
    for (int row = 0; row < rows; row++) {
      lengths[row] = length(row, width, mask);
      starts[row + 1] = starts[row] + lengths[row];
    }
    int[] packedIds = new int[starts[rows]];
    int[] packedTypes = new int[types.length == 0 ? 0 : starts[rows]];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < lengths[row]; i++) {
        packedIds[starts[row] + i] = Math.toIntExact(ids[row * width + i]);
        if (types.length > 0) {
          packedTypes[starts[row] + i] = Math.toIntExact(types[row * width + i]);
        }
      }
    }
    return new PaddedRows(width, lengths, new PackedBatch(packedIds, packedTypes, starts));
  }

  private static int length(int row, int width, long[] mask) {
    int length = 0;
    while (length < width && mask[row * width + length] == 1) {
      length++;
    }
    if (length == 0) {
      throw new IllegalArgumentException(
          "row %d: the attention_mask leaves no token of it".formatted(row));
    }
    for (int i = length; i < width; i++) {
      if (mask[row * width + i] != 0) {
        throw new IllegalArgumentException(
            "row %d: the attention_mask must be ones, and behind them zeros".formatted(row));
      }
    }
    return length;
  }

  /** Vectors of packed tokens where callers look for them, {@code [rows, width, size]}; else 0. */
  float[] spread(float[] vectors, int size) {
    float[] spread = new float[Math.multiplyExact(lengths.length * width, size)];
    int from = 0;
    for (int row = 0; row < lengths.length; row++) {
      int count = lengths[row] * size;
      System.arraycopy(vectors, from, spread, row * width * size, count);
      from += count;
    }
    return spread;
  }
}
