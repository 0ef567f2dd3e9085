// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.BatchLimits;
import java.time.Duration;

/**
 * What serves: the same for every policy.
 *
 * @param sloNanos how long an answer may take
 * @param targetWaitNanos the wait that the Sluice batcher is told to aim at
 */
record ServerKind(
    String name,
    int lanes,
    ServiceModel service,
    int maxRows,
    long maxTokens,
    long sloNanos,
    long targetWaitNanos) {
  private static final long MILLI = 1_000_000;

  /** An encoder of BERT-base's size on a GPU: starting a batch costs as much as 10,000 tokens. */
  static final ServerKind GPU =
      new ServerKind(
          "GPU encoder", 1, new ServiceModel(2e6, 200, 2e3, 0.05), 64, 32_768, 50 * MILLI, 15 * MILLI);

  /** MiniLM on a few CPU cores: batches save little, padding costs much. */
  static final ServerKind CPU =
      new ServerKind(
          "CPU MiniLM", 1, new ServiceModel(2e5, 8e3, 2e4, 0.1), 32, 16_384, 500 * MILLI, 100 * MILLI);

  BatchLimits limits() {
    return new BatchLimits(maxRows, maxTokens, Duration.ZERO);
  }
}
