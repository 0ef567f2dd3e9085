// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What a batch holds so far, and whether more fits.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Filling {
  private final BatchLimits limits;
  private int items;
  private int rows;
  private long tokens;
  private long bytes;
  private int longest;

  Filling(BatchLimits limits) {
    this.limits = limits;
  }

  Filling copy() {
    Filling copy = new Filling(limits);
    copy.items = items;
    copy.rows = rows;
    copy.tokens = tokens;
    copy.bytes = bytes;
    copy.longest = longest;
    return copy;
  }

  void clear() {
    items = 0;
    rows = 0;
    tokens = 0;
    bytes = 0;
    longest = 0;
  }

  /**
   * @param length what each of the rows is padded to when they are alone
   */
  void add(int moreRows, int length, long moreBytes) {
    items++;
    rows += moreRows;
    tokens += (long) moreRows * length;
    bytes += moreBytes;
    longest = Math.max(longest, length);
  }

  void add(Item<?> item) {
    add(item.rows(), limits.padded(item.tokens()), item.bytes());
  }

  boolean fits(Item<?> item) {
    return fits(item.rows(), limits.padded(item.tokens()), item.bytes());
  }

  /** Whether it stays inside of every limit with these rows too; the first item always fits. */
  boolean fits(int moreRows, int length, long moreBytes) {
    if (items == 0) {
      return true;
    }
    return isWithinLimits(moreRows, length, moreBytes)
        && limits.allowsWaste(
            paddedTokensWith(moreRows, length), tokens + (long) moreRows * length);
  }

  /** As {@link #fits}, however much is padded. */
  boolean isWithinLimits(int moreRows, int length, long moreBytes) {
    long newRows = (long) rows + moreRows;
    return items == 0
        || (newRows <= limits.maxRows()
            && paddedTokensWith(moreRows, length) <= limits.maxTokens()
            && moreBytes <= limits.maxBytes() - bytes);
  }

  /** Whether it has the most rows that are wanted, or not one more as long as its longest fits. */
  boolean isFull() {
    return rows >= limits.wantedRows() || paddedTokensWith(1, longest) > limits.maxTokens();
  }

  /** What it costs in tokens with these rows too. */
  long paddedTokensWith(int moreRows, int length) {
    return limits.paddedTokens(
        (long) rows + moreRows, longestWith(length), tokens + (long) moreRows * length);
  }

  int longestWith(int length) {
    return Math.max(longest, length);
  }

  int items() {
    return items;
  }

  int rows() {
    return rows;
  }

  /** Its rows times the longest of them; where the engine packs, their sum. */
  long paddedTokens() {
    return limits.paddedTokens(rows, longest, tokens);
  }
}
