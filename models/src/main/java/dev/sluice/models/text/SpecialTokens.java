// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import java.util.Arrays;

/**
 * The tokens that a tokenizer puts around every text, such as {@code [CLS]} and {@code [SEP]}.
 *
 * @param opening before the text
 * @param closing after it
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record SpecialTokens(int[] opening, int[] closing) {

  int count() {
    return opening.length + closing.length;
  }

  /** Reads them off one encoded text, given which of its tokens the tokenizer added. */
  static SpecialTokens of(int[] ids, long[] added) {
    int head = 0;
    while (head < ids.length && added[head] != 0) {
      head++;
    }
    int tail = ids.length;
    while (tail > head && added[tail - 1] != 0) {
      tail--;
    }
    return new SpecialTokens(Arrays.copyOf(ids, head), Arrays.copyOfRange(ids, tail, ids.length));
  }

  /**
   * Cuts ids down to the limit as the tokenizer itself would: the text between the special tokens
   * loses its end (or its start), the special tokens stay where they are. Ids that a client made
   * without them are cut all the same.
   */
  int[] cut(int[] ids, int limit, Truncation truncation) {
    int head = startsWithOpening(ids) ? opening.length : 0;
    int tail = endsWithClosing(ids) ? closing.length : 0;
    int[] kept = new int[limit];
    if (truncation == Truncation.START) {
      int rest = limit - head;
      System.arraycopy(ids, 0, kept, 0, head);
      System.arraycopy(ids, ids.length - rest, kept, head, rest);
    } else {
      int rest = limit - tail;
      System.arraycopy(ids, 0, kept, 0, rest);
      System.arraycopy(ids, ids.length - tail, kept, rest, tail);
    }
    return kept;
  }

  private boolean startsWithOpening(int[] ids) {
    return Arrays.equals(ids, 0, opening.length, opening, 0, opening.length);
  }

  private boolean endsWithClosing(int[] ids) {
    return Arrays.equals(ids, ids.length - closing.length, ids.length, closing, 0, closing.length);
  }
}
