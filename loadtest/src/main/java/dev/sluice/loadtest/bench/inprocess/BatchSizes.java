// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.inprocess;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often batches of each size were run.
 *
 * @param runs by rows; every count is positive
 */
public record BatchSizes(Map<Long, Long> runs) {
  public BatchSizes {
    runs = new TreeMap<>(runs);
    runs.values().removeIf(count -> count <= 0);
  }

  /** What was run since an earlier look. */
  public BatchSizes since(BatchSizes earlier) {
    Map<Long, Long> difference = new TreeMap<>(runs);
    earlier.runs.forEach((rows, count) -> difference.merge(rows, -count, Long::sum));
    return new BatchSizes(difference);
  }

  public double mean() {
    long batches = runs.values().stream().mapToLong(Long::longValue).sum();
    long rows = runs.entrySet().stream().mapToLong(run -> run.getKey() * run.getValue()).sum();
    return batches == 0 ? 0 : (double) rows / batches;
  }

  /** For example {@code 1:40,2:7}; read by {@link #parse}. */
  public String format() {
    return runs.entrySet().stream()
        .map(run -> run.getKey() + ":" + run.getValue())
        .collect(Collectors.joining(","));
  }

  public static BatchSizes parse(String text) {
    Map<Long, Long> runs = new TreeMap<>();
    for (String run : text.split(",", -1)) {
      int colon = run.indexOf(':');
      runs.put(Long.parseLong(run.substring(0, colon)), Long.parseLong(run.substring(colon + 1)));
    }
    return new BatchSizes(runs);
  }
}
