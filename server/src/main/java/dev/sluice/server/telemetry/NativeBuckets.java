// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import dev.sluice.proto.prometheus.BucketSpan;
import dev.sluice.proto.prometheus.Histogram;
import java.util.Map;
import java.util.TreeMap;

/**
 * Observations in Prometheus' exponential buckets: bucket {@code i} ends at {@code 2^(i/128)}.
 *
 * <p>A doubling has as many of them as it has buckets in the {@link Resolution histograms} that the
 * durations are kept in, so that next to nothing is lost. What one of those holds counts at its
 * upper end, as it does in every percentile that is shown: the end of the native bucket is at most
 * one bucket, 0.55 %, above it.
 *
 * <p>Used by one thread.
 */
final class NativeBuckets {
  private static final int SCHEMA = 7;
  private static final double PER_DOUBLING = 1 << SCHEMA;

  private final double zeroThreshold;
  private final TreeMap<Integer, Long> counts = new TreeMap<>();
  private long zeroes;

  /**
   * @param zeroThreshold what is not above it counts as zero
   */
  NativeBuckets(double zeroThreshold) {
    this.zeroThreshold = zeroThreshold;
  }

  void add(double value, long count) {
    if (value <= zeroThreshold) {
      zeroes += count;
    } else {
      counts.merge(index(value), count, Long::sum);
    }
  }

  private static int index(double value) {
    return (int) Math.ceil(Math.log(value) / Math.log(2) * PER_DOUBLING);
  }

  void write(Histogram.Builder to) {
    to.setSchema(SCHEMA).setZeroThreshold(zeroThreshold).setZeroCount(zeroes);
    BucketSpan.Builder span = null;
    int next = 0;
    long before = 0;
    for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
      int gap = bucket.getKey() - next;
      if (span == null || gap > 0) {
        span = to.addPositiveSpanBuilder().setOffset(gap);
      }
      span.setLength(span.getLength() + 1);
      to.addPositiveDelta(bucket.getValue() - before);
      before = bucket.getValue();
      next = bucket.getKey() + 1;
    }
  }
}
