// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;

/**
 * Takes items of like length. Of all lengths that a batch could be padded to, finds the one at
 * which it gets most done for its time, and of those that are nearly as good the one whose items
 * are the most urgent. What is done is measured by what each item would cost in a full batch of its
 * like: by that measure short items and long ones are worth their time alike, and neither pile up.
 *
 * <p>The candidates are sorted by length, equal ones with the most urgent last. For each length to
 * pad to, the batch is the head and a run of candidates that ends there, which one pass over the
 * sorted candidates finds: as the length grows, both ends of the run only move up.
 *
 * <p>A batch is kept so small that the head makes its deadline, if that gets nearly as much done.
 * Otherwise the head runs too late, at the cost of its one place: under overload every head is
 * nearly late, and small batches for their sake would make all of them late.
 */
public final class LengthSelection implements Selection {
  /** Worse than the best by less than this, what is more urgent is better. */
  private static final double NEARLY = 0.95;

  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;

  /** How much of what a batch could get done is given up for the head's deadline. */
  private static final double WORTH_A_DEADLINE = 0.75;

  @Override
  public void select(Window window, Costs costs) {
    if (window.size() == 1) {
      return;
    }
    Runs runs = new Runs(window, costs);
    double best = runs.findBest(Long.MAX_VALUE);
    long left = window.nanosLeft(0);
    if (runs.isLate(left) && runs.findBest(left) < WORTH_A_DEADLINE * best) {
      runs.findBest(Long.MAX_VALUE);
    }
    runs.takeBest();
  }

  /** One selection. */
  private static final class Runs {
    private final Window window;
    private final Costs costs;
    private final int count;
    private final int[] sorted;
    private final double[] worths;
    private final double[] scores;
    private final int[] starts;
    private final long[] rowsOf;
    private final double[] urgencies;
    private final double alone;

    private int start;
    private long rows;
    private long tokens;
    private long bytes;
    private double worth;
    private double urgency;
    private long mostNanos;
    private double best;
    private int chosen;

    Runs(Window window, Costs costs) {
      this.window = window;
      this.costs = costs;
      this.count = window.size() - 1;
      Scratch scratch = window.scratch();
      scratch.makeRoom(window.size());
      this.worths = scratch.worths;
      this.scores = scratch.scores;
      this.starts = scratch.starts;
      this.rowsOf = scratch.rowsOf;
      this.urgencies = scratch.urgencies;
      sortByLength(scratch);
      this.sorted = scratch.sorted;
      weigh();
      this.alone = worths[0] / costs.nanos(window.rows(0), (double) window.totalTokens(0));
    }

    /** Digit by digit, the least first: each pass keeps the order of those that are equal in it. */
    private void sortByLength(Scratch scratch) {
      int[] from = scratch.sorted;
      int[] to = scratch.spare;
      int all = 0;
      for (int i = 0; i < count; i++) {
        from[i] = count - i;
        all |= window.tokens(count - i);
      }
      for (int shift = 0; shift < Integer.SIZE && all >>> shift != 0; shift += DIGIT_BITS) {
        sortByDigit(shift, from, to, scratch.places);
        int[] sortedByDigit = to;
        to = from;
        from = sortedByDigit;
      }
      scratch.sorted = from;
      scratch.spare = to;
    }

    private void sortByDigit(int shift, int[] from, int[] to, int[] places) {
      Arrays.fill(places, 0);
      for (int i = 0; i < count; i++) {
        places[digit(from[i], shift) + 1]++;
      }
      for (int digit = 1; digit < DIGITS; digit++) {
        places[digit] += places[digit - 1];
      }
      for (int i = 0; i < count; i++) {
        to[places[digit(from[i], shift)]++] = from[i];
      }
    }

    private int digit(int candidate, int shift) {
      return window.tokens(candidate) >>> shift & DIGITS - 1;
    }

    /** Chooses a run that takes no longer than this; returns how much it gets done for its time. */
    double findBest(long nanos) {
      startAnew();
      mostNanos = nanos;
      best = 0;
      for (int end = 0; end < count; end++) {
        add(sorted[end]);
        int length = paddedTo(end);
        while (start <= end && !fits(length)) {
          remove(sorted[start++]);
        }
        starts[end] = start;
        rowsOf[end] = rows;
        urgencies[end] = urgency;
        // Of equal lengths the last end counts: only it holds the most urgent of them.
        boolean counts = start <= end && !isSameLengthNext(end);
        scores[end] = counts ? worth / costs.nanos(rows, (double) rows * length) : 0;
        best = Math.max(best, scores[end]);
      }
      chosen = best >= NEARLY * alone ? mostUrgentNearlyBest() : -1;
      return Math.max(best, alone);
    }

    /** Whether the chosen run takes longer than this, as far as is known. */
    boolean isLate(long nanosLeft) {
      return chosen >= 0
          && costs.known()
          && nanosLeft != Long.MAX_VALUE
          && costs.nanos(rowsOf[chosen], (double) rowsOf[chosen] * paddedTo(chosen)) > nanosLeft;
    }

    private void startAnew() {
      start = 0;
      rows = window.rows(0);
      tokens = window.totalTokens(0);
      bytes = window.bytes(0);
      worth = worths[0];
      urgency = urgency(0);
    }

    private int paddedTo(int end) {
      return Math.max(window.tokens(0), window.tokens(sorted[end]));
    }

    private boolean isSameLengthNext(int end) {
      return end + 1 < count && window.tokens(sorted[end + 1]) == window.tokens(sorted[end]);
    }

    private int mostUrgentNearlyBest() {
      int most = -1;
      double mostUrgency = 0;
      for (int end = 0; end < count; end++) {
        if (scores[end] > 0 && scores[end] >= NEARLY * best) {
          double ofARow = urgencies[end] / rowsOf[end];
          if (ofARow > mostUrgency) {
            most = end;
            mostUrgency = ofARow;
          }
        }
      }
      return most;
    }

    /** Without a chosen run, company would make it worse for the head: it takes its like only. */
    void takeBest() {
      if (chosen < 0) {
        fill(window.tokens(0), window.tokens(0));
        return;
      }
      for (int i = chosen; i >= starts[chosen]; i--) {
        window.take(sorted[i]);
      }
      fill(window.tokens(sorted[starts[chosen]]), window.tokens(sorted[chosen]));
    }

    /** Takes what still fits of these lengths; rows that come in pairs may have left a gap. */
    private void fill(int shortest, int longest) {
      for (int i = 1; i < window.size() && window.takenRows() < window.limits().maxRows(); i++) {
        int length = window.tokens(i);
        if (length >= shortest
            && length <= longest
            && !window.isTaken(i)
            && window.fits(i)
            && isInTime(window.takenRows() + window.rows(i), window.longestWith(i))) {
          window.take(i);
        }
      }
    }

    /** Finds what each candidate would cost in a full batch of its like. */
    private void weigh() {
      BatchLimits limits = window.limits();
      int length = window.tokens(0);
      double perRow = costInFullBatch(limits, length);
      worths[0] = window.rows(0) * perRow;
      for (int i = 0; i < count; i++) {
        int candidate = sorted[i];
        if (window.tokens(candidate) != length) {
          length = window.tokens(candidate);
          perRow = costInFullBatch(limits, length);
        }
        worths[candidate] = window.rows(candidate) * perRow;
      }
    }

    private double costInFullBatch(BatchLimits limits, int length) {
      long full = Math.max(1, Math.min(limits.maxRows(), limits.maxTokens() / length));
      return costs.nanos(full, (double) full * length) / full;
    }

    private boolean fits(int length) {
      BatchLimits limits = window.limits();
      return rows <= limits.maxRows()
          && rows * length <= limits.maxTokens()
          && bytes <= limits.maxBytes()
          && limits.allowsWaste(rows * length, tokens)
          && isInTime(rows, length);
    }

    private boolean isInTime(long rows, int length) {
      return mostNanos == Long.MAX_VALUE || costs.nanos(rows, (double) rows * length) <= mostNanos;
    }

    /** More for those whom more candidates come after, for each row. */
    private double urgency(int candidate) {
      return (double) window.rows(candidate) * (window.size() - candidate);
    }

    private void add(int candidate) {
      rows += window.rows(candidate);
      tokens += window.totalTokens(candidate);
      bytes += window.bytes(candidate);
      worth += worths[candidate];
      urgency += urgency(candidate);
    }

    private void remove(int candidate) {
      rows -= window.rows(candidate);
      tokens -= window.totalTokens(candidate);
      bytes -= window.bytes(candidate);
      worth -= worths[candidate];
      urgency -= urgency(candidate);
    }
  }
}
