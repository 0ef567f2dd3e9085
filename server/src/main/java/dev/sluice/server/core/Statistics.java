// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one deployment has done since it was loaded. Guarded by its own lock, held for a few
 * additions at a time.
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
    runs++;
    if (!failed) {
      rows += batchRows;
      batches.computeIfAbsent(batchRows, size -> new Tally()).add(computeNanos);
    }
  }

  @Override
  public synchronized void callEnded(int callRows, CallTiming timing, @Nullable Failure failure) {
    lastInferenceMillis = epochMillis.getAsLong();
    if (failure == null) {
      queue.add(timing.queueNanos());
      compute.add(timing.computeNanos());
    }
  }

  /** A request was answered whole. */
  synchronized void answered(long totalNanos, long encodeNanos, long splitNanos) {
    success.add(totalNanos);
    encode.add(encodeNanos);
    split.add(splitNanos);
  }

  /** A request ended with a problem. */
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
