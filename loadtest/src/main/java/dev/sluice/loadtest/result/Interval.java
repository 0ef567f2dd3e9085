// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import org.HdrHistogram.Histogram;

/**
 * What was answered within a part of the run.
 *
 * @param startNanos since the run began
 * @param errors those of its calls that failed, not in the histograms; without those that were cut
 *     off at the end of the run
 */
public record Interval(
    long startNanos,
    long lengthNanos,
    Histogram response,
    Histogram service,
    long errors,
    long inFlight) {
  public double perSecond() {
    return lengthNanos == 0 ? 0 : (response.getTotalCount() + errors) * 1e9 / lengthNanos;
  }
}
