// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What a batch costs, learned from batches that ran: {@code a + b * padded tokens + c * rows}
 * nanoseconds, none of the three negative.
 *
 * <p>Weighted least squares over a memory that fades by {@value #FADING} from batch to batch.
 *
 * <ul>
 *   <li>An error counts relative to the larger of what was measured and what was foretold. So small
 *       batches matter as much as large ones, and no single batch, however short or long it
 *       appeared to take, moves the fit far.
 *   <li>A batch that is off by more than {@value #OUTLIER} usual errors (a pause, a page fault)
 *       pulls only as hard as one at that edge.
 *   <li>{@value #FEWEST} such batches in a row, all too long or all too short, are no outliers but
 *       a change: they alone are learned from then on.
 * </ul>
 *
 * <p>The fit is pulled slightly towards a prior, so that it stands when every batch has the same
 * shape and the three cannot be told apart. Guarded by the lock of its {@link BatchCore}.
 */
final class CostModel {
  private static final double FADING = 0.98;
  private static final double OUTLIER = 3;

  /** Fewer batches than this teach nothing. */
  static final int FEWEST = 8;

  private static final double MIN_ERROR = 0.02;
  private static final double MAX_CONFIDENT_ERROR = 0.5;

  private LeastSquares squares = new LeastSquares(FADING);

  /** Of the outliers since the last batch that was none. */
  private LeastSquares streak = new LeastSquares(FADING);

  /** How many those are; negative if they took less than foretold. */
  private int streakLength;

  private final double[] fit = new double[3];
  private boolean stale;
  private int seen;
  private double usualError = MAX_CONFIDENT_ERROR;

  /** A batch ran without failing. */
  void ran(int rows, long paddedTokens, long nanos) {
    ran(rows, (double) paddedTokens, (double) Math.max(1, nanos));
  }

  private void ran(int rows, double paddedTokens, double measured) {
    double foretold = seen < FEWEST ? 0 : nanos(rows, paddedTokens);
    double scale = Math.max(measured, foretold);
    double weight = 1;
    if (seen < FEWEST) {
      seen++;
    } else {
      double error = Math.abs(foretold - measured) / scale;
      double edge = OUTLIER * usualError;
      weight = error <= edge ? 1 : edge / error;
      usualError = Math.max(MIN_ERROR, 0.95 * usualError + 0.05 * Math.min(error, 2 * edge));
    }
    squares.add(paddedTokens, rows, measured, scale, weight);
    if (weight < 1) {
      outlier(rows, paddedTokens, measured, measured > foretold);
    } else {
      streakLength = 0;
    }
    stale = true;
  }

  private void outlier(int rows, double paddedTokens, double measured, boolean slow) {
    if (streakLength == 0 || slow != streakLength > 0) {
      streak.clear();
      streakLength = 0;
    }
    streakLength += slow ? 1 : -1;
    streak.add(paddedTokens, rows, measured, measured, 1);
    if (Math.abs(streakLength) == FEWEST) {
      LeastSquares old = squares;
      squares = streak;
      streak = old;
      streakLength = 0;
    }
  }

  /** Whether enough was seen, and agreed with enough, to decide on. */
  boolean confident() {
    return seen >= FEWEST && usualError <= MAX_CONFIDENT_ERROR;
  }

  /** How far off a prediction usually is, relative to it or to what is then measured. */
  double usualError() {
    return usualError;
  }

  /** How long a batch takes, on the mean. */
  double nanos(double rows, double paddedTokens) {
    return overheadNanos() + workNanos(rows, paddedTokens);
  }

  /** The part of it that grows with what is in the batch. */
  double workNanos(double rows, double paddedTokens) {
    refit();
    return fit[1] * paddedTokens + fit[2] * rows;
  }

  /** The part of it that does not. */
  double overheadNanos() {
    refit();
    return fit[0];
  }

  private void refit() {
    if (stale) {
      squares.solve(fit);
      stale = false;
    }
  }
}
