// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;

/**
 * Takes items of like length. Of all lengths that a batch could be padded to, finds the one at
 * which it gets most real tokens done in a nanosecond, and of those that are nearly as good the one
 * with the most rows.
 *
 * <p>The candidates are sorted by length, equal ones with the most urgent last. For each length to
 * pad to, the batch is the head and a run of candidates that ends there, which one pass over the
 * sorted candidates finds: as the length grows, both ends of the run only move up.
 */
public final class LengthSelection implements Selection {
  /** Worse than the best by less than this, more rows are better. */
  private static final double NEARLY = 0.95;

  @Override
  public void select(Window window, Costs costs) {
    if (window.size() == 1) {
      return;
    }
    Runs runs = new Runs(window, costs);
    runs.findBest();
    runs.takeBest();
  }

  /** One selection. */
  private static final class Runs {
    private final Window window;
    private final Costs costs;
    private final int[] sorted;
    private final double[] scores;
    private final int[] starts;
    private final long[] rowsOf;

    private int start;
    private long rows;
    private long tokens;
    private long bytes;

    Runs(Window window, Costs costs) {
      this.window = window;
      this.costs = costs;
      this.sorted = byLength(window);
      this.scores = new double[sorted.length];
      this.starts = new int[sorted.length];
      this.rowsOf = new long[sorted.length];
      this.rows = window.rows(0);
      this.tokens = window.totalTokens(0);
      this.bytes = window.bytes(0);
    }

    private static int[] byLength(Window window) {
      long[] keys = new long[window.size() - 1];
      for (int i = 1; i < window.size(); i++) {
        keys[i - 1] = (long) window.tokens(i) << 32 | (window.size() - i);
      }
      Arrays.sort(keys);
      int[] sorted = new int[keys.length];
      for (int i = 0; i < keys.length; i++) {
        sorted[i] = window.size() - (int) keys[i];
      }
      return sorted;
    }

    void findBest() {
      for (int end = 0; end < sorted.length; end++) {
        add(sorted[end]);
        int length = Math.max(window.tokens(0), window.tokens(sorted[end]));
        while (start <= end && !fits(length)) {
          remove(sorted[start++]);
        }
        starts[end] = start;
        rowsOf[end] = rows;
        // Of equal lengths the last end counts: only it holds the most urgent of them.
        boolean counts = start <= end && !isSameLengthNext(end);
        scores[end] = counts ? tokens / costs.nanos(rows, (double) rows * length) : 0;
      }
    }

    private boolean isSameLengthNext(int end) {
      return end + 1 < sorted.length
          && window.tokens(sorted[end + 1]) == window.tokens(sorted[end]);
    }

    void takeBest() {
      double best = 0;
      for (double score : scores) {
        best = Math.max(best, score);
      }
      int chosen = -1;
      for (int end = 0; end < sorted.length; end++) {
        if (scores[end] > 0
            && scores[end] >= NEARLY * best
            && (chosen < 0 || rowsOf[end] > rowsOf[chosen])) {
          chosen = end;
        }
      }
      if (chosen >= 0 && best >= alone()) {
        for (int i = chosen; i >= starts[chosen]; i--) {
          window.take(sorted[i]);
        }
        fill(window.tokens(sorted[starts[chosen]]), window.tokens(sorted[chosen]));
      } else {
        fill(window.tokens(0), window.tokens(0));
      }
    }

    /** Takes what still fits of these lengths; rows that come in pairs may have left a gap. */
    private void fill(int shortest, int longest) {
      for (int i = 1; i < window.size() && window.takenRows() < window.limits().maxRows(); i++) {
        int length = window.tokens(i);
        if (length >= shortest && length <= longest && !window.isTaken(i) && window.fits(i)) {
          window.take(i);
        }
      }
    }

    /** What the head does by itself; company that makes it worse is not wanted. */
    private double alone() {
      long all = window.totalTokens(0);
      return NEARLY * all / costs.nanos(window.rows(0), all);
    }

    private boolean fits(int length) {
      BatchLimits limits = window.limits();
      return rows <= limits.maxRows()
          && rows <= limits.maxTokens() / length
          && bytes <= limits.maxBytes()
          && limits.allowsWaste(rows * length, tokens)
          && window.isInTime(rows, rows * length);
    }

    private void add(int candidate) {
      rows += window.rows(candidate);
      tokens += window.totalTokens(candidate);
      bytes += window.bytes(candidate);
    }

    private void remove(int candidate) {
      rows -= window.rows(candidate);
      tokens -= window.totalTokens(candidate);
      bytes -= window.bytes(candidate);
    }
  }
}
