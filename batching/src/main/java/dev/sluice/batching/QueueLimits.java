// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** How much may wait at a time. */
public record QueueLimits(int maxRows, long maxTokens, long maxBytes) {
  public QueueLimits {
    if (maxRows < 1 || maxTokens < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "every limit of a queue must be at least 1, not %d rows, %d tokens and %d bytes"
              .formatted(maxRows, maxTokens, maxBytes));
    }
  }
}
