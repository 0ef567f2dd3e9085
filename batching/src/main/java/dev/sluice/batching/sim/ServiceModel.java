// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.random.RandomGenerator;

/**
 * How long a lane takes for a batch: {@code base + perToken * padded tokens + perRow * rows}, times
 * noise that is never below one minus {@code noise} and as likely above one as below.
 */
record ServiceModel(double baseNanos, double perTokenNanos, double perRowNanos, double noise) {
  long nanos(int rows, long paddedTokens, RandomGenerator random) {
    double mean = baseNanos + perTokenNanos * paddedTokens + perRowNanos * rows;
    double factor = noise == 0 ? 1 : 1 + noise * (2 * random.nextDouble() - 1);
    return Math.max(1, Math.round(mean * factor));
  }

  /**
   * Requests per second that lanes of this kind could at best serve: every batch full, and of
   * requests of one length. A yardstick for load that no policy has a say in, and that none can
   * reach.
   */
  double capacityPerSecond(int lanes, int maxRows, long maxTokens, int[] lengths) {
    double nanos = 0;
    for (int tokens : lengths) {
      double rows = Math.max(1, Math.min(maxRows, maxTokens / tokens));
      nanos += baseNanos / rows + perTokenNanos * tokens + perRowNanos;
    }
    return lanes * 1e9 * lengths.length / nanos;
  }
}
