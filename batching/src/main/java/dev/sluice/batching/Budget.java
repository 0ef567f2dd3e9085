// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** What a call may have too much of; prints as messages have it. */
public enum Budget {
  BATCH_ROWS("rows per batch"),
  BATCH_TOKENS("tokens per batch"),
  WAITING_ROWS("waiting rows"),
  WAITING_TOKENS("waiting tokens"),
  WAITING_BYTES("waiting bytes");

  private final String words;

  Budget(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
