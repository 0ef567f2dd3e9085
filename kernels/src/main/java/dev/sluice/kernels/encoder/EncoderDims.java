// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

/**
 * The sizes of an encoder: blocks of attention and feed-forward, each followed by a LayerNorm over
 * itself and what it was given.
 *
 * @param layers blocks
 * @param hidden components of a token's vector
 * @param heads of attention, each of {@code hidden / heads} components
 * @param feedForward components between the two products of a feed-forward
 * @param words rows of the table of words
 * @param positions the longest sequence
 * @param types rows of the table of token types; 0: the model has none
 * @param epsilon of every LayerNorm
 */
public record EncoderDims(
    int layers,
    int hidden,
    int heads,
    int feedForward,
    int words,
    int positions,
    int types,
    float epsilon) {
  private static final int MOST_LAYERS = 1000;
  private static final int MOST_HIDDEN = 1024;
  private static final int MOST_FEED_FORWARD = 4096;
  private static final int MOST_ROWS = 1 << 21;

  /** What a product of bytes reads at once; halves would do with less. */
  private static final int STEP = 16;

  /**
   * @throws IllegalArgumentException where the kernels cannot run it, saying what they can
   */
  public EncoderDims {
    between("layers", layers, 1, MOST_LAYERS);
    stepped("the hidden size", hidden, MOST_HIDDEN);
    stepped("the feed-forward size", feedForward, MOST_FEED_FORWARD);
    between("heads", heads, 1, hidden);
    if (hidden != heads * 32 && hidden != heads * 64) {
      throw new IllegalArgumentException(
          "a head must be of 32 or 64 components: %d in %d heads".formatted(hidden, heads));
    }
    between("words", words, 1, MOST_ROWS);
    between("positions", positions, 1, MOST_ROWS);
    between("token types", types, 0, MOST_ROWS);
    if (!(epsilon > 0 && epsilon < 1)) {
      throw new IllegalArgumentException("epsilon must be between 0 and 1, not " + epsilon);
    }
  }

  public int headSize() {
    return hidden / heads;
  }

  private static void stepped(String what, int value, int most) {
    between(what, value, STEP, most);
    if (value % STEP != 0) {
      throw new IllegalArgumentException(
          what + " must be a multiple of " + STEP + ", not " + value);
    }
  }

  private static void between(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, not %d".formatted(what, least, most, value));
    }
  }
}
