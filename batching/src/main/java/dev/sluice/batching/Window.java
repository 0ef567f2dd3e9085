// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;
import java.util.Objects;

/**
 * The candidates for one batch: the head, and then a bounded number of items that may share a batch
 * with it, most urgent first. Knows what has been taken and whether more fits.
 *
 * <p>Good until {@link Selection#select} returns; used again for the next batch.
 */
public final class Window {
  private final BatchLimits limits;
  private int size;
  private int[] rows;
  private int[] tokens;
  private long[] bytes;
  private long[] nanosLeft;
  private boolean[] taken;

  private final Scratch scratch = new Scratch();
  private final Filling filling;

  Window(BatchLimits limits) {
    this.limits = limits;
    this.filling = new Filling(limits);
    int room = Math.min(64, limits.window());
    rows = new int[room];
    tokens = new int[room];
    bytes = new long[room];
    nanosLeft = new long[room];
    taken = new boolean[room];
  }

  void clear() {
    Arrays.fill(taken, 0, size, false);
    size = 0;
    filling.clear();
  }

  void add(Item<?> item, long left) {
    if (size == rows.length) {
      grow();
    }
    rows[size] = item.rows();
    tokens[size] = limits.padded(item.tokens());
    bytes[size] = item.bytes();
    nanosLeft[size] = left;
    size++;
  }

  /** How many candidates there are; at least one. */
  public int size() {
    return size;
  }

  public int rows(int candidate) {
    return rows[candidate];
  }

  /** The length that the candidate is padded to when it is alone. */
  public int tokens(int candidate) {
    return tokens[candidate];
  }

  /** Its rows times the length that it is padded to when it is alone. */
  public long totalTokens(int candidate) {
    return (long) rows[candidate] * tokens[candidate];
  }

  public long bytes(int candidate) {
    return bytes[candidate];
  }

  /** Until its deadline; {@link Long#MAX_VALUE} when it has none. */
  public long nanosLeft(int candidate) {
    return nanosLeft[candidate];
  }

  Scratch scratch() {
    return scratch;
  }

  public BatchLimits limits() {
    return limits;
  }

  /** Takes a candidate that is within the limits, waste aside, and was not taken before. */
  public void take(int candidate) {
    Objects.checkIndex(candidate, size);
    if (taken[candidate] || !isWithinLimits(candidate)) {
      throw new IllegalStateException("candidate " + candidate + " cannot be taken");
    }
    taken[candidate] = true;
    filling.add(rows[candidate], tokens[candidate], bytes[candidate]);
  }

  /** Whether the batch stays inside every limit with this candidate too; the head always fits. */
  public boolean fits(int candidate) {
    return (filling.items() > 0 || candidate == 0)
        && filling.fits(rows[candidate], tokens[candidate], bytes[candidate]);
  }

  private boolean isWithinLimits(int candidate) {
    return (filling.items() > 0 || candidate == 0)
        && filling.isWithinLimits(rows[candidate], tokens[candidate], bytes[candidate]);
  }

  int longestWith(int candidate) {
    return filling.longestWith(tokens[candidate]);
  }

  /** What the batch costs in tokens with this candidate too. */
  long paddedTokensWith(int candidate) {
    return filling.paddedTokensWith(rows[candidate], tokens[candidate]);
  }

  /** What has been taken. */
  Filling taken() {
    return filling;
  }

  public boolean isTaken(int candidate) {
    return taken[candidate];
  }

  public int takenRows() {
    return filling.rows();
  }

  /** The rows taken times the longest of them; where the engine packs, their sum. */
  public long takenPaddedTokens() {
    return filling.paddedTokens();
  }

  /** Puts back the least urgent until no more rows are taken than these; the head stays. */
  void cutTo(int mostRows) {
    int left = takenRows();
    for (int i = size - 1; i > 0 && left > mostRows; i--) {
      if (taken[i]) {
        taken[i] = false;
        left -= rows[i];
      }
    }
    filling.clear();
    for (int i = 0; i < size; i++) {
      if (taken[i]) {
        filling.add(rows[i], tokens[i], bytes[i]);
      }
    }
  }

  private void grow() {
    int room = 2 * size;
    rows = Arrays.copyOf(rows, room);
    tokens = Arrays.copyOf(tokens, room);
    bytes = Arrays.copyOf(bytes, room);
    nanosLeft = Arrays.copyOf(nanosLeft, room);
    taken = Arrays.copyOf(taken, room);
  }
}
