// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What a batch costs, learned from batches that ran: {@code a + b * padded tokens + c * rows}
 * nanoseconds, none of the three negative.
 *
 * <p>Weighted least squares over a memory that fades by {@value #FADING} from batch to batch.
 * Errors count relative to what was measured, so that small batches matter as much as large ones,
 * and a batch that took far longer than foretold (a pause, a page fault) pulls only as hard as one
 * at the edge of the usual error. A lasting change still wins: the usual error grows with it.
 *
 * <p>The fit is pulled slightly towards a prior, so that it stands when every batch has the same
 * shape and the three cannot be told apart. Guarded by the lock of its {@link BatchCore}.
 */
final class CostModel {
  private static final double FADING = 0.98;

  /** An error of more usual errors than this is an outlier. */
  private static final double OUTLIER = 3;

  /** Fewer batches than this teach nothing. */
  private static final int FEWEST = 8;

  private static final double MIN_ERROR = 0.02;
  private static final double MAX_CONFIDENT_ERROR = 0.5;

  private final LeastSquares squares = new LeastSquares(FADING);
  private double[] fit = {0, 0, 0};
  private boolean stale;
  private int seen;
  private double usualError = 0.5;

  /** A batch ran without failing. */
  void ran(int rows, long paddedTokens, long nanos) {
    double measured = Math.max(1, nanos);
    double weight = 1;
    if (seen >= FEWEST) {
      double error = Math.abs(nanos(rows, paddedTokens) - measured) / measured;
      double edge = OUTLIER * usualError;
      weight = error <= edge ? 1 : edge / error;
      usualError = Math.max(MIN_ERROR, 0.95 * usualError + 0.05 * Math.min(error, 2 * edge));
    }
    squares.add(paddedTokens, rows, measured, weight);
    seen = Math.min(seen + 1, Integer.MAX_VALUE - 1);
    stale = true;
  }

  /** Whether enough was seen, and agreed with enough, to decide on. */
  boolean confident() {
    return seen >= FEWEST && usualError <= MAX_CONFIDENT_ERROR;
  }

  /** How far off a prediction usually is, relative to what is then measured. */
  double usualError() {
    return usualError;
  }

  /** How long a batch takes, on the mean. */
  double nanos(double rows, double paddedTokens) {
    return overheadNanos() + workNanos(rows, paddedTokens);
  }

  /** The part of it that grows with what is in the batch. */
  double workNanos(double rows, double paddedTokens) {
    double[] now = fit();
    return now[1] * paddedTokens + now[2] * rows;
  }

  /** The part of it that does not. */
  double overheadNanos() {
    return fit()[0];
  }

  private double[] fit() {
    if (stale) {
      fit = squares.solve();
      stale = false;
    }
    return fit;
  }
}
