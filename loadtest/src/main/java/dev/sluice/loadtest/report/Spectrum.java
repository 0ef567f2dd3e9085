// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Latencies in ascending order. */
interface Spectrum {
  long size();

  /** The value at a place, counted from 0. */
  long at(long place);

  /** How many are at most this much, or cannot be told from it. */
  long upTo(double nanos);

  static Spectrum of(long... sorted) {
    Exact exact = new Exact(sorted.length);
    for (long value : sorted) {
      exact.add(value);
    }
    return exact.sorted();
  }

  /** What a histogram holds, each value as the highest that it cannot tell from it. */
  static Spectrum of(Histogram histogram) {
    return new Recorded(histogram);
  }

  /** Every value. */
  final class Exact implements Spectrum {
    private long[] values;
    private int size;

    Exact(int most) {
      values = new long[most];
    }

    void add(long value) {
      values[size++] = value;
    }

    Spectrum sorted() {
      values = Arrays.copyOf(values, size);
      Arrays.sort(values);
      return this;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public long at(long place) {
      return values[Math.toIntExact(place)];
    }

    @Override
    public long upTo(double nanos) {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (values[middle] <= nanos) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** A histogram. */
  record Recorded(Histogram histogram) implements Spectrum {
    @Override
    public long size() {
      return histogram.getTotalCount();
    }

    @Override
    public long at(long place) {
      if (place == 0) {
        return histogram.getMinValue();
      }
      for (HistogramIterationValue step : histogram.recordedValues()) {
        if (step.getTotalCountToThisValue() > place) {
          return Math.min(step.getValueIteratedTo(), histogram.getMaxValue());
        }
      }
      return histogram.getMaxValue();
    }

    @Override
    public long upTo(double nanos) {
      return histogram.getCountBetweenValues(0, (long) nanos);
    }
  }
}
