// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

/**
 * Sequences one behind the other, without padding.
 *
 * @param ids of all tokens
 * @param types of all tokens; empty where all are of type 0
 * @param starts where each sequence begins, and behind the last one where it ends: sequences + 1
 */
@SuppressWarnings("ArrayRecordComponent") // hot: one per batch, never compared
public record PackedBatch(int[] ids, int[] types, int[] starts) {
  private static final int[] ALL_ZERO = new int[0];

  /** Tokens of type 0. */
  public static PackedBatch of(int[]... sequences) {
    int[] starts = new int[sequences.length + 1];
    for (int i = 0; i < sequences.length; i++) {
      starts[i + 1] = Math.addExact(starts[i], sequences[i].length);
    }
    int[] ids = new int[starts[sequences.length]];
    for (int i = 0; i < sequences.length; i++) {
      System.arraycopy(sequences[i], 0, ids, starts[i], sequences[i].length);
    }
    return new PackedBatch(ids, ALL_ZERO, starts);
  }

  public int tokens() {
    return ids.length;
  }

  public int sequences() {
    return starts.length - 1;
  }

  int[] lengths() {
    int[] lengths = new int[sequences()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = starts[i + 1] - starts[i];
    }
    return lengths;
  }

  /**
   * That the card may be given it.
   *
   * @throws IllegalArgumentException saying what is wrong, before anything is asked of the card
   */
  void check(EncoderDims dims, LaneBounds bounds) {
    require(starts.length >= 2 && starts[0] == 0, "a batch has a sequence, the first begins at 0");
    bounds.check(tokens(), sequences());
    require(starts[sequences()] == ids.length, "the last sequence ends where the ids do");
    for (int i = 0; i < sequences(); i++) {
      int length = starts[i + 1] - starts[i];
      if (length < 1 || length > dims.positions()) {
        throw new IllegalArgumentException(
            "sequence %d has %d tokens, not 1 to %d".formatted(i, length, dims.positions()));
      }
    }
    require(types.length == 0 || types.length == ids.length, "each token has a type, or none has");
    checkRange("token id", ids, dims.words());
    // A model without types has one that means nothing.
    checkRange("token type", types, Math.max(1, dims.types()));
  }

  private static void checkRange(String what, int[] values, int count) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= count) {
        throw new IllegalArgumentException(
            "%s %d at place %d is not in 0 to %d".formatted(what, values[i], i, count - 1));
      }
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("not a packed batch: " + what);
    }
  }
}
