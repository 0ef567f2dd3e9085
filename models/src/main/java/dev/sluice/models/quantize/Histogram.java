// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * How often values of a known range fall into each of many equal bins: all that is kept of a stream
 * of any length. For one thread at a time.
 */
final class Histogram {
  private static final int BINS = 2048;

  /** Of a hundred, cut off half at each end. */
  private static final double CUT = 0.01;

  /** Bytes for one sign: what a distribution is squeezed into to see what is lost. */
  private static final int LEVELS = 128;

  private final ValueRange range;
  private final long[] counts = new long[BINS];
  private long total;

  /**
   * @param range of all values that will come
   */
  Histogram(ValueRange range) {
    this.range = range;
  }

  void add(double value) {
    counts[Math.clamp((long) Math.floor(place(value)), 0, BINS - 1)]++;
    total++;
  }

  /** Of all values. */
  ValueRange range() {
    return range;
  }

  /** In bins from the low end. */
  private double place(double value) {
    double width = range.high() - range.low();
    return width == 0 ? 0 : (value - range.low()) / width * BINS;
  }

  private double edge(int bin) {
    return range.low() + (range.high() - range.low()) * bin / BINS;
  }

  /** Without what lies furthest out; zero stays inside. */
  ValueRange percentile() {
    double cut = CUT / 100 / 2 * total;
    int first = 0;
    for (long below = counts[0]; below <= cut && first < BINS - 1; below += counts[first]) {
      first++;
    }
    int last = BINS - 1;
    for (long above = counts[last]; above <= cut && last > first; above += counts[last]) {
      last--;
    }
    return new ValueRange(Math.min(edge(first), 0), Math.max(edge(last + 1), 0));
  }

  /**
   * Cut at the magnitude at which the values, squeezed into the levels that bytes have, are
   * distributed most like the values as they are.
   */
  ValueRange entropy() {
    double[] magnitudes = magnitudes();
    int best = BINS;
    double least = Double.POSITIVE_INFINITY;
    for (int kept = LEVELS; kept <= BINS; kept += LEVELS / 4) {
      double divergence = divergence(magnitudes, kept);
      if (divergence < least) {
        least = divergence;
        best = kept;
      }
    }
    double most = Math.max(-range.low(), range.high()) * best / BINS;
    return new ValueRange(Math.max(range.low(), -most), Math.min(range.high(), most));
  }

  /** The same counts by distance from zero. */
  private double[] magnitudes() {
    double[] folded = new double[BINS];
    double most = Math.max(-range.low(), range.high());
    for (int bin = 0; bin < BINS && most > 0; bin++) {
      double distance = Math.abs(edge(bin) + edge(bin + 1)) / 2 / most;
      folded[Math.clamp((long) (distance * BINS), 0, BINS - 1)] += counts[bin];
    }
    return folded;
  }

  /** Of the first so many bins, the rest heaped upon the last, to themselves in levels. */
  private static double divergence(double[] counts, int kept) {
    double[] truth = new double[kept];
    double all = 0;
    double inside = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      truth[Math.min(bin, kept - 1)] += counts[bin];
      all += counts[bin];
      inside += bin < kept ? counts[bin] : 0;
    }
    if (inside == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double divergence = Math.log(inside / all);
    for (int level = 0; level < LEVELS; level++) {
      int from = level * kept / LEVELS;
      int to = (level + 1) * kept / LEVELS;
      double within = 0;
      int filled = 0;
      for (int bin = from; bin < to; bin++) {
        within += counts[bin];
        filled += counts[bin] > 0 ? 1 : 0;
      }
      for (int bin = from; bin < to; bin++) {
        if (truth[bin] > 0) {
          // What is heaped upon an empty bin has nothing to be like: count it as nearly nothing.
          double squeezed = counts[bin] > 0 ? within / filled : Double.MIN_NORMAL;
          divergence += truth[bin] / all * Math.log(truth[bin] / squeezed);
        }
      }
    }
    return divergence;
  }
}
