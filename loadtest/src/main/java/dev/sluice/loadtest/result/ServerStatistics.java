// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the server said of the same time.
 *
 * @param batchSizes how many batches had each size
 */
public record ServerStatistics(List<Stage> stages, Map<Integer, Long> batchSizes) {
  public static final ServerStatistics NONE = new ServerStatistics(List.of(), Map.of());

  public ServerStatistics {
    stages = List.copyOf(stages);
    batchSizes = Collections.unmodifiableMap(new TreeMap<>(batchSizes));
  }

  /** One stage of the server's work, in nanoseconds; servers tell sums, so there is a mean. */
  public record Stage(String name, long count, long meanNanos) {}
}
