// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

/** An input has more tokens than the model takes and the caller allowed no truncation. */
public final class TextTooLongException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int tokens;
  private final int limit;

  public TextTooLongException(int tokens, int limit) {
    super(tokens + " tokens, the model takes at most " + limit);
    this.tokens = tokens;
    this.limit = limit;
  }

  public int tokens() {
    return tokens;
  }

  public int limit() {
    return limit;
  }
}
