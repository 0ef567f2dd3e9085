// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** What there may be too much of; prints as messages have it. */
public enum Budget {
  BATCH_ROWS("rows per batch"),
  BATCH_TOKENS("tokens per batch"),
  WAITING_ROWS("waiting rows"),
  WAITING_TOKENS("waiting tokens"),
  WAITING_BYTES("waiting bytes"),
  TENANT_ROWS("waiting rows of one tenant"),
  TENANT_TOKENS("waiting tokens of one tenant"),
  TENANT_BYTES("waiting bytes of one tenant"),
  HELD_ANSWERS("answers held for their order");

  private final String words;

  Budget(String words) {
    this.words = words;
  }

  /** Whether it bounds one batch rather than what waits. */
  boolean isOfBatch() {
    return this == BATCH_ROWS || this == BATCH_TOKENS;
  }

  /** The same of one tenant, for what waits of all. */
  Budget ofTenant() {
    return switch (this) {
      case WAITING_ROWS -> TENANT_ROWS;
      case WAITING_TOKENS -> TENANT_TOKENS;
      case WAITING_BYTES -> TENANT_BYTES;
      default -> this;
    };
  }

  @Override
  public String toString() {
    return words;
  }
}
