// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;

/**
 * Counts since the version was first loaded; a reload goes on counting.
 *
 * @param lastInferenceMillis when the last run ended, since the epoch; 0 for never
 * @param rows rows that were run to their end
 * @param runs model runs that gave results
 * @param fail requests that reached this version and ended with a problem
 * @param batches by batch size, ascending
 */
public record ModelStatistics(
    String name,
    String version,
    long lastInferenceMillis,
    long rows,
    long runs,
    Sum success,
    Sum fail,
    Sum queue,
    Sum computeInput,
    Sum compute,
    Sum computeOutput,
    List<Batch> batches) {

  public record Sum(long count, long nanos) {}

  public record Batch(int rows, Sum compute) {}
}
