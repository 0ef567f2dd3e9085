// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Objects;

/**
 * The smallest thing that a batch is made of; never split.
 *
 * @param payload what the runner gets
 * @param rows how many rows of a batch it takes, at least 1
 * @param tokens its length in tokens (or another unit that cost grows with), at least 1; a batch
 *     costs its rows times its longest item
 * @param bytes what it holds in memory while it waits
 * @param shapeKey only items with equal keys may share a batch. Compared under the batcher's lock,
 *     so {@code equals} must be quick and must not throw
 */
public record Item<T>(T payload, int rows, int tokens, long bytes, Object shapeKey) {
  public Item {
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(shapeKey, "shapeKey");
    if (rows < 1 || tokens < 1 || bytes < 0) {
      throw new IllegalArgumentException(
          "an item needs rows >= 1, tokens >= 1 and bytes >= 0, not "
              + rows
              + ", "
              + tokens
              + " and "
              + bytes);
    }
  }

  /** Its rows times its tokens. */
  long totalTokens() {
    return (long) rows * tokens;
  }
}
