// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import org.HdrHistogram.Histogram;

/**
 * Durations in nanoseconds of the calls that count: those that succeeded, or all where errors are
 * to be counted. The sums are exact, which a histogram's mean is not.
 *
 * @param response from the intended start
 * @param service from the actual send
 */
public record Latencies(
    Histogram response, Histogram service, long responseSumNanos, long serviceSumNanos) {
  public Histogram histogram(LatencyFrom from) {
    return from == LatencyFrom.INTENDED ? response : service;
  }

  public long sumNanos(LatencyFrom from) {
    return from == LatencyFrom.INTENDED ? responseSumNanos : serviceSumNanos;
  }
}
