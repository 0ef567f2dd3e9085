// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.inprocess;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Draws batch sizes, each as often as it was seen. Used by one thread. */
final class SizeDraw {
  /** Rows by the first draw that is beyond them. */
  private final NavigableMap<Long, Integer> upTo = new TreeMap<>();

  private final long all;
  private final RandomGenerator random;

  SizeDraw(BatchSizes sizes, RandomGenerator random) {
    long sum = 0;
    for (Map.Entry<Long, Long> run : sizes.runs().entrySet()) {
      sum += run.getValue();
      upTo.put(sum, Math.toIntExact(run.getKey()));
    }
    this.all = sum;
    this.random = random;
  }

  int next() {
    return upTo.higherEntry(random.nextLong(all)).getValue();
  }
}
