// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/** ghz's percentiles and ghz's histogram. */
final class Spectra {
  private static final List<Integer> PERCENTAGES = List.of(10, 25, 50, 75, 90, 95, 99);
  private static final int BUCKETS = 10;
  private static final double SECOND = 1e9;

  private Spectra() {}

  static List<Figures.Percentile> percentiles(Spectrum spectrum) {
    List<Figures.Percentile> percentiles = new ArrayList<>();
    if (spectrum.size() > 0) {
      for (int percentage : PERCENTAGES) {
        long place = place(percentage, spectrum.size());
        percentiles.add(new Figures.Percentile(percentage, spectrum.at(place)));
      }
    }
    return percentiles;
  }

  /** The nearest rank, in floating point as ghz computes it. */
  private static long place(int percentage, long size) {
    double rank = percentage / 100.0 * size;
    long whole = (long) rank;
    return Math.max(0, rank == whole ? whole - 1 : whole);
  }

  /**
   * Eleven marks at equal distances from the fastest to the slowest; each value counts at the first
   * mark that is not below it, so that the first has only the fastest.
   */
  static List<Figures.Bucket> buckets(Spectrum spectrum) {
    List<Figures.Bucket> buckets = new ArrayList<>();
    long size = spectrum.size();
    if (size == 0) {
      return buckets;
    }
    long fastest = spectrum.at(0);
    long slowest = spectrum.at(size - 1);
    long before = 0;
    for (int i = 0; i <= BUCKETS; i++) {
      boolean last = i == BUCKETS;
      double mark = last ? slowest : fastest + (slowest - fastest) / (double) BUCKETS * i;
      long upTo = last ? size : spectrum.upTo(mark);
      long count = upTo - before;
      buckets.add(new Figures.Bucket(mark / SECOND, count, count / (double) size));
      before = upTo;
    }
    return buckets;
  }
}
