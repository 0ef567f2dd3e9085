// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How many durations fell into each bucket of a histogram, without the empty ones: 16 bytes for
 * each bucket in use. A duration is known by the lower end of its bucket, so a bound never makes
 * late what the histogram cannot tell from it. Immutable.
 */
final class Distribution {
  static final Distribution EMPTY = new Distribution(new long[0], new long[0]);

  /** Ascending. */
  private final long[] values;

  /** How often each of them; all positive. */
  private final long[] counts;

  private Distribution(long[] values, long[] counts) {
    this.values = values;
    this.counts = counts;
  }

  static Distribution of(Histogram histogram) {
    Builder builder = new Builder(64);
    for (HistogramIterationValue each : histogram.recordedValues()) {
      builder.add(
          histogram.lowestEquivalentValue(each.getValueIteratedTo()),
          each.getCountAtValueIteratedTo());
    }
    return builder.build();
  }

  Distribution plus(Distribution other) {
    return merge(other, 1);
  }

  /** What has come since {@code earlier}, a former state of the same histogram. */
  Distribution since(Distribution earlier) {
    return merge(earlier, -1);
  }

  private Distribution merge(Distribution other, int sign) {
    if (other.values.length == 0) {
      return this;
    }
    Builder builder = new Builder(values.length + other.values.length);
    int i = 0;
    int j = 0;
    while (i < values.length || j < other.values.length) {
      long mine = i < values.length ? values[i] : Long.MAX_VALUE;
      long theirs = j < other.values.length ? other.values[j] : Long.MAX_VALUE;
      long count = 0;
      if (mine <= theirs) {
        count += counts[i++];
      }
      if (theirs <= mine) {
        count += sign * other.counts[j++];
      }
      builder.add(Math.min(mine, theirs), count);
    }
    return builder.build();
  }

  long count() {
    return Arrays.stream(counts).sum();
  }

  /** How many took no longer. */
  long upTo(long bound) {
    long sum = 0;
    for (int i = 0; i < values.length && values[i] <= bound; i++) {
      sum += counts[i];
    }
    return sum;
  }

  /** The duration that so many did not exceed; there must be that many, and at least one. */
  long valueAtRank(long rank) {
    long sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += counts[i];
      if (sum >= rank) {
        return values[i];
      }
    }
    throw new IllegalArgumentException("only " + sum + " durations, not " + rank);
  }

  /** For values that come in ascending order. */
  private static final class Builder {
    private long[] values;
    private long[] counts;
    private int size;

    Builder(int expected) {
      values = new long[expected];
      counts = new long[expected];
    }

    void add(long value, long count) {
      if (count <= 0) {
        return;
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
      }
      values[size] = value;
      counts[size++] = count;
    }

    Distribution build() {
      return size == 0
          ? EMPTY
          : new Distribution(Arrays.copyOf(values, size), Arrays.copyOf(counts, size));
    }
  }
}
