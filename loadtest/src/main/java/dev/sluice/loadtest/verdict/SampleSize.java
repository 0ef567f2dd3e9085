// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import dev.sluice.loadtest.result.Verdict;

/**
 * Whether a run was long enough to tell, by the rule with which MLPerf ends runs early: a share is
 * below its bound if so few hits would be seen in less than 1 % of runs at the bound, and above it
 * if so many would.
 */
final class SampleSize {
  private static final double DOUBT = 0.01;
  private static final long MOST = 1L << 40;

  private SampleSize() {}

  /**
   * @param hits calls that were over the bound
   * @param share of all calls that may be, between 0 and 1
   */
  static Verdict.State judge(long hits, long samples, double share) {
    if (Binomial.atMost(hits, samples, share) <= DOUBT) {
      return Verdict.State.PASS;
    }
    return samples > 0 && Binomial.atLeast(hits, samples, share) <= DOUBT
        ? Verdict.State.FAIL
        : Verdict.State.INCONCLUSIVE;
  }

  /** The most hits with which so many samples pass; -1: not even none. */
  static long most(long samples, double share) {
    long low = -1;
    long high = samples;
    while (low + 1 < high) {
      long middle = (low + high + 1) / 2;
      if (middle < high && Binomial.atMost(middle, samples, share) <= DOUBT) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** So many samples that a run with half of the hits that it may have passes. */
  static long enough(double share) {
    long hits = 0;
    long samples = least(hits, share);
    while (samples < MOST && hits < samples * share / 2) {
      hits = (long) Math.ceil(samples * share / 2);
      samples = least(hits, share);
    }
    return samples;
  }

  /** The fewest samples with which so many hits pass. */
  static long least(long hits, double share) {
    long low = hits;
    long high = hits + 1;
    while (high < MOST && Binomial.atMost(hits, high, share) > DOUBT) {
      low = high;
      high *= 2;
    }
    while (low + 1 < high) {
      long middle = (low + high) >>> 1;
      if (Binomial.atMost(hits, middle, share) <= DOUBT) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}
