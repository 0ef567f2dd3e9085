// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import org.HdrHistogram.Histogram;

/**
 * How long calls took, from their intended start and from their actual send. The sums are exact.
 * One thread at a time.
 */
final class Times {
  private static final long LONGEST_NANOS = 24L * 3600 * 1_000_000_000L;
  private static final int DIGITS = 3;

  final Histogram response = histogram();
  final Histogram service = histogram();
  long responseSum;
  long serviceSum;

  /** Of nanoseconds; what is longer than a day is recorded as a day. */
  static Histogram histogram() {
    return new Histogram(LONGEST_NANOS, DIGITS);
  }

  static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.min(LONGEST_NANOS, Math.max(0, nanos)));
  }

  void record(long responseNanos, long serviceNanos) {
    record(response, responseNanos);
    record(service, serviceNanos);
    responseSum += responseNanos;
    serviceSum += serviceNanos;
  }

  long count() {
    return response.getTotalCount();
  }

  void add(Times other) {
    if (other.count() > 0) {
      response.add(other.response);
      service.add(other.service);
      responseSum += other.responseSum;
      serviceSum += other.serviceSum;
    }
  }

  void clear() {
    if (count() > 0) {
      response.reset();
      service.reset();
      responseSum = 0;
      serviceSum = 0;
    }
  }
}
