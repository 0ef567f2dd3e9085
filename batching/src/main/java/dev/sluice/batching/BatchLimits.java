// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;

/**
 * How large one batch may be.
 *
 * @param maxRows rows of one batch
 * @param maxTokens padded tokens of one batch: its rows times its longest item
 * @param linger how long an idle lane may wait for a batch to fill; zero to start at once
 */
public record BatchLimits(int maxRows, long maxTokens, Duration linger) {
  public BatchLimits {
    if (maxRows < 1 || maxTokens < 1) {
      throw new IllegalArgumentException("a batch needs room for at least one row and one token");
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException("a linger cannot be negative: " + linger);
    }
  }
}
