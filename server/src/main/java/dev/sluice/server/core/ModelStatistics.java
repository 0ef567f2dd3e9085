// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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

  public record Sum(long count, long nanos) {
    Sum plus(Sum other) {
      return new Sum(count + other.count, nanos + other.nanos);
    }
  }

  public record Batch(int rows, Sum compute) {}

  /** Both together, under this name. */
  ModelStatistics plus(ModelStatistics other) {
    return new ModelStatistics(
        name,
        version,
        Math.max(lastInferenceMillis, other.lastInferenceMillis),
        rows + other.rows,
        runs + other.runs,
        success.plus(other.success),
        fail.plus(other.fail),
        queue.plus(other.queue),
        computeInput.plus(other.computeInput),
        compute.plus(other.compute),
        computeOutput.plus(other.computeOutput),
        together(batches, other.batches));
  }

  private static List<Batch> together(List<Batch> some, List<Batch> others) {
    SortedMap<Integer, Sum> bySize = new TreeMap<>();
    some.forEach(batch -> bySize.merge(batch.rows(), batch.compute(), Sum::plus));
    others.forEach(batch -> bySize.merge(batch.rows(), batch.compute(), Sum::plus));
    return bySize.entrySet().stream().map(e -> new Batch(e.getKey(), e.getValue())).toList();
  }
}
