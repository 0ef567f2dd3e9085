// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

/**
 * What came of a simulation.
 *
 * @param goodput answers per second that came in time
 * @param throughput answers per second
 * @param p50Millis of the answers, from arrival; NaN if there were none
 * @param paddingWaste the part of all tokens computed that was padding
 * @param meanRows of a batch
 */
public record Outcome(
    double goodput,
    double throughput,
    double p50Millis,
    double p99Millis,
    double paddingWaste,
    double meanRows) {}
