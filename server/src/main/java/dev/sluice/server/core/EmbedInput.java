// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/** One thing to embed. */
public sealed interface EmbedInput {
  record Text(String text) implements EmbedInput {}

  /** Ids as the model sees them, special tokens included. */
  @SuppressWarnings("ArrayRecordComponent") // hot: one per input, never compared
  record Tokens(int[] ids) implements EmbedInput {}
}
