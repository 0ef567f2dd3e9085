// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.BatchLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What serves: the same for every policy.
 *
 * @param sloNanos how long an answer may take
 * @param fifoRows the length of queue at which a server that does not sort gets most done in time
 * @param seconds how much virtual time shows what a policy is worth, at the longer service times of
 *     a slow server more of it
 */
record ServerKind(
    String name,
    int lanes,
    ServiceModel service,
    int maxRows,
    long maxTokens,
    long sloNanos,
    int fifoRows,
    double seconds) {
  private static final long MILLI = 1_000_000;
  private static final int SAMPLE = 20_000;

  /** An encoder of BERT-base's size on a GPU: starting a batch costs as much as 10,000 tokens. */
  static final ServerKind GPU =
      new ServerKind(
          "GPU encoder", 1, new ServiceModel(2e6, 200, 2e3, 0.05), 64, 32_768, 50 * MILLI, 256, 3);

  /** MiniLM on a few CPU cores: batches save little, padding costs much. */
  static final ServerKind CPU =
      new ServerKind(
          "CPU MiniLM", 1, new ServiceModel(2e5, 8e3, 2e4, 0.1), 32, 16_384, 500 * MILLI, 32, 30);

  /** The wait that the Sluice batcher is told to aim at: what is left of the SLO is for running. */
  long targetWaitNanos() {
    return sloNanos / 3;
  }

  /** Requests per second that count as a load of 1, see {@link ServiceModel#capacityPerSecond}. */
  double capacityPerSecond(Lengths lengths) {
    RandomGenerator random = new SplittableRandom(1);
    int[] sample = new int[SAMPLE];
    Arrays.setAll(sample, i -> lengths.draw(random));
    return service.capacityPerSecond(lanes, maxRows, maxTokens, sample);
  }

  BatchLimits limits() {
    return new BatchLimits(maxRows, maxTokens, Duration.ZERO);
  }
}
