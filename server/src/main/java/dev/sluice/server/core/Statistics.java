// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.batching.BatchObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What one deployment has done since it was loaded: its runs, and the requests that were routed to
 * it, whether they reached the queue or not. Guarded by its own lock, held for a few additions at a
 * time.
 */
final class Statistics implements BatchObserver {
  private final LongSupplier epochMillis;

  @GuardedBy("this")
  private long lastInferenceMillis;

  @GuardedBy("this")
  private long rows;

  @GuardedBy("this")
  private long runs;

  private final Tally success = new Tally();
  private final Tally fail = new Tally();
  private final Tally queue = new Tally();
  private final Tally encode = new Tally();
  private final Tally compute = new Tally();
  private final Tally split = new Tally();

  @GuardedBy("this")
  private final Map<Integer, Tally> batches = new TreeMap<>();

  Statistics(LongSupplier epochMillis) {
    this.epochMillis = epochMillis;
  }

  @Override
  public synchronized void batchRan(
      int batchRows, long tokens, long paddedTokens, long computeNanos, boolean failed) {
    // Rows over runs is the mean batch size on dashboards, so a run without rows does not count.
    if (!failed) {
      lastInferenceMillis = epochMillis.getAsLong();
      runs++;
      rows += batchRows;
      batches.computeIfAbsent(batchRows, size -> new Tally()).add(computeNanos);
    }
  }

  /** A request was answered whole. */
  synchronized void answered(Timings timings, long splitNanos) {
    success.add(timings.totalNanos());
    encode.add(timings.encodeNanos());
    queue.add(timings.queueNanos());
    compute.add(timings.computeNanos());
    split.add(splitNanos);
  }

  /** A request ended with a problem, be it its own fault. */
  synchronized void failed(long totalNanos) {
    fail.add(totalNanos);
  }

  synchronized ModelStatistics snapshot(String name, String version) {
    List<ModelStatistics.Batch> sizes = new ArrayList<>(batches.size());
    batches.forEach((size, tally) -> sizes.add(new ModelStatistics.Batch(size, tally.sum())));
    return new ModelStatistics(
        name,
        version,
        lastInferenceMillis,
        rows,
        runs,
        success.sum(),
        fail.sum(),
        queue.sum(),
        encode.sum(),
        compute.sum(),
        split.sum(),
        List.copyOf(sizes));
  }

  /** Guarded by the lock of the statistics that it is part of. */
  private static final class Tally {
    private long count;
    private long nanos;

    void add(long duration) {
      count++;
      nanos += duration;
    }

    ModelStatistics.Sum sum() {
      return new ModelStatistics.Sum(count, nanos);
    }
  }
}
