// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What will happen when, as far as the {@link CostModel} and the lanes tell: how long a batch
 * takes, how long something that joins the queue will wait. Says nothing before enough batches ran.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Forecast implements Costs {
  /** The guess at what a batch costs beside its tokens, in tokens, until it is known. */
  private static final double GUESSED_OVERHEAD = 512;

  /** A lane that takes longer than this many times what was foretold is not counted on. */
  private static final int OVERDUE = 4;

  private static final double MEMORY = 0.9;

  /**
   * For how many batches' time what was learned is trusted when nothing runs, and for how long at
   * most. A forecast so wrong that everything is refused would else never be proven wrong; this way
   * it is tried again and again, at the cost of less than a tenth of the time.
   */
  private static final int TRUSTED_BATCHES = 16;

  private static final long MAX_TRUST_NANOS = 1_000_000_000;

  private final BatchLimits limits;
  private final CostModel model = new CostModel();
  private final long[] startedNanos;
  private final long[] foretoldNanos;
  private final boolean[] running;
  private final boolean[] out;
  private double padding = 1;
  private double tokensPerRow;
  private boolean fresh;
  private long newsNanos;
  private long trustNanos;

  Forecast(BatchLimits limits, int lanes) {
    this.limits = limits;
    this.startedNanos = new long[lanes];
    this.foretoldNanos = new long[lanes];
    this.running = new boolean[lanes];
    this.out = new boolean[lanes];
  }

  // What it hears.

  /** What is asked from here on, is asked at this moment. */
  void at(long nowNanos) {
    fresh = nowNanos - newsNanos < trustNanos;
  }

  void launched(int lane, long nowNanos, RunStats batch) {
    running[lane] = true;
    startedNanos[lane] = nowNanos;
    foretoldNanos[lane] =
        model.confident() ? (long) model.nanos(batch.rows(), (double) batch.paddedTokens()) : 0;
    // Nobody else has to try what this batch tries.
    trust(nowNanos, (long) (TRUSTED_BATCHES * (double) foretoldNanos[lane]));
    double ratio = Math.max(1, (double) batch.paddedTokens() / batch.tokens());
    padding = MEMORY * padding + (1 - MEMORY) * ratio;
    double perRow = (double) batch.tokens() / batch.rows();
    tokensPerRow = tokensPerRow == 0 ? perRow : MEMORY * tokensPerRow + (1 - MEMORY) * perRow;
  }

  void ran(RunStats run, long nowNanos) {
    trust(nowNanos, Math.min(MAX_TRUST_NANOS, TRUSTED_BATCHES * run.computeNanos()));
    model.ran(run.rows(), run.paddedTokens(), run.computeNanos());
  }

  private void trust(long nowNanos, long nanos) {
    newsNanos = nowNanos;
    trustNanos = nanos;
    fresh = true;
  }

  void finished(int lane) {
    running[lane] = false;
  }

  void setOut(int lane, boolean isOut) {
    out[lane] = isOut;
  }

  // What it says.

  @Override
  public boolean known() {
    return fresh && model.confident();
  }

  @Override
  public double nanos(long rows, double paddedTokens) {
    return known() ? model.nanos((double) rows, paddedTokens) : GUESSED_OVERHEAD + paddedTokens;
  }

  /** Whether the item, started at once and alone, would be too late even on a good day. */
  boolean isLate(long nanosLeft, Item<?> item) {
    return nanosLeft != Long.MAX_VALUE && atLeastNanos(item) > nanosLeft;
  }

  /** How long the item alone takes on a good day; 0 while that is not known. */
  double atLeastNanos(Item<?> item) {
    if (!known()) {
      return 0;
    }
    return goodDay()
        * model.nanos(item.rows(), (double) item.rows() * limits.padded(item.tokens()));
  }

  /** Which part of the foretold time something takes when all goes well. */
  double goodDay() {
    return 1 - Math.min(0.5, 2 * model.usualError());
  }

  /** About how many tokens a full batch holds, as batches were lately. */
  double tokensOfFullBatch() {
    return Math.min((double) limits.maxTokens(), limits.maxRows() * tokensPerRow);
  }

  /** How long it takes until so much, ahead of a newcomer, has been started; 0 if not known. */
  long waitNanos(long nowNanos, double rows, double tokens) {
    if (!known()) {
      return 0;
    }
    int lanes = 0;
    long soonest = Long.MAX_VALUE;
    for (int lane = 0; lane < running.length; lane++) {
      long left = foretoldNanos[lane] - (nowNanos - startedNanos[lane]);
      if (!running[lane] && !out[lane]) {
        lanes++;
        soonest = 0;
      } else if (running[lane] && left >= -(OVERDUE - 1) * foretoldNanos[lane]) {
        lanes++;
        soonest = Math.min(soonest, Math.max(0, left));
      }
    }
    if (lanes == 0) {
      // Nobody is to be counted on; do as if the first to be stuck went on now.
      return (long) drainNanos(rows, tokens);
    }
    return soonest + (long) (drainNanos(rows, tokens) / lanes);
  }

  /** How long one lane works on so much, in full batches. */
  private double drainNanos(double rows, double tokens) {
    double padded = tokens * padding;
    double batches = Math.max(rows / limits.maxRows(), padded / limits.maxTokens());
    return batches * model.overheadNanos() + model.workNanos(rows, padded);
  }
}
