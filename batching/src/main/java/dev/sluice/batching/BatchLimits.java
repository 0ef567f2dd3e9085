// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;
import java.util.List;

/**
 * How large one batch may be, and what it should look like.
 *
 * @param maxRows rows of one batch
 * @param maxTokens padded tokens of one batch: its rows times its longest item, or, where the
 *     engine packs, the sum of all
 * @param maxBytes bytes of the items of one batch; an item that is larger travels alone
 * @param linger how long an idle lane may wait for a batch to fill; zero to start at once
 * @param preferredRows sizes that the engine runs best, growing; as long as a batch can have one of
 *     them, it is not cut anywhere else. Empty for none
 * @param lengthStep the engine pads lengths to multiples of this
 * @param maxWaste the most padded tokens for each real token of a batch; an item that would pad the
 *     others to more waits for its like. Without meaning where the engine packs
 * @param packs whether the engine pads nothing, so that a batch costs its tokens, whatever their
 *     spread over rows
 */
public record BatchLimits(
    int maxRows,
    long maxTokens,
    long maxBytes,
    Duration linger,
    List<Integer> preferredRows,
    int lengthStep,
    double maxWaste,
    boolean packs) {
  /** More padding than this for each real token is as good as another batch. */
  public static final double DEFAULT_WASTE = 2;

  private static final int MAX_WINDOW = 512;

  public BatchLimits {
    preferredRows = List.copyOf(preferredRows);
    if (maxRows < 1 || maxTokens < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "a batch needs room for at least one row, one token and one byte, not %d, %d and %d"
              .formatted(maxRows, maxTokens, maxBytes));
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException("a linger cannot be negative: " + linger);
    }
    int before = 0;
    for (int size : preferredRows) {
      if (size <= before || size > maxRows) {
        throw new IllegalArgumentException(
            "preferred sizes must grow and be 1 to " + maxRows + ", not " + preferredRows);
      }
      before = size;
    }
    if (lengthStep < 1 || lengthStep > maxTokens) {
      throw new IllegalArgumentException(
          "a length step must be 1 to " + maxTokens + ", not " + lengthStep);
    }
    if (!(maxWaste >= 1)) {
      throw new IllegalArgumentException(
          "the waste bound is padded tokens for each real token, so at least 1, not " + maxWaste);
    }
  }

  /** Of an engine that pads. */
  public BatchLimits(
      int maxRows,
      long maxTokens,
      long maxBytes,
      Duration linger,
      List<Integer> preferredRows,
      int lengthStep,
      double maxWaste) {
    this(maxRows, maxTokens, maxBytes, linger, preferredRows, lengthStep, maxWaste, false);
  }

  /** Without a limit on bytes, preferred sizes and a length step, at the default waste. */
  public BatchLimits(int maxRows, long maxTokens, Duration linger) {
    this(maxRows, maxTokens, Long.MAX_VALUE, linger, List.of(), 1, DEFAULT_WASTE);
  }

  /** The length that an item of so many tokens is padded to when it is alone. */
  int padded(int tokens) {
    if (lengthStep == 1) {
      return tokens;
    }
    long steps = ((long) tokens + lengthStep - 1) / lengthStep;
    return (int) Math.min(Integer.MAX_VALUE, steps * lengthStep);
  }

  /** With so many rows a batch does not wait for more. */
  int wantedRows() {
    return preferredRows.isEmpty() ? maxRows : preferredRows.getLast();
  }

  /** What a batch costs in tokens, given its rows, the longest of them, and their sum. */
  long paddedTokens(long rows, int longest, long tokens) {
    return packs ? tokens : rows * longest;
  }

  boolean allowsWaste(long paddedTokens, long tokens) {
    return paddedTokens <= maxWaste * tokens;
  }

  /** How many candidates a batch is chosen from. */
  int window() {
    return (int) Math.max(maxRows, Math.min(MAX_WINDOW, 8L * maxRows));
  }
}
