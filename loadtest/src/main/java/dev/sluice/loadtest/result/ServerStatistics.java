// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What the server said of the same time.
 *
 * @param batchSizes how many batches had each size
 * @param durations of the requests that it answered, in nanoseconds; as fine as the server keeps
 *     them
 */
public record ServerStatistics(
    List<Stage> stages, Map<Integer, Long> batchSizes, Optional<Histogram> durations) {
  public static final ServerStatistics NONE = new ServerStatistics(List.of(), Map.of());

  public ServerStatistics {
    stages = List.copyOf(stages);
    batchSizes = Collections.unmodifiableMap(new TreeMap<>(batchSizes));
  }

  public ServerStatistics(List<Stage> stages, Map<Integer, Long> batchSizes) {
    this(stages, batchSizes, Optional.empty());
  }

  public ServerStatistics with(Optional<Histogram> asked) {
    return new ServerStatistics(stages, batchSizes, asked);
  }

  /** One stage of the server's work, in nanoseconds; servers tell sums, so there is a mean. */
  public record Stage(String name, long count, long meanNanos) {}
}
