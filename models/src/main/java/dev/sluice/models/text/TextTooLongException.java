// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

/**
 * An input is longer than the model takes and the caller allowed no truncation. The message tells
 * the client how long it is and how long it may be.
 */
public final class TextTooLongException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the length was measured in. */
  public enum Unit {
    TOKENS,
    /** The text is so long that it was refused without being tokenized. */
    CHARACTERS
  }

  private final Unit unit;
  private final int length;
  private final int limit;

  public TextTooLongException(int tokens, int limit) {
    this(Unit.TOKENS, tokens, limit);
  }

  private TextTooLongException(Unit unit, int length, int limit) {
    super(
        length
            + (unit == Unit.TOKENS ? " tokens" : " characters")
            + ", the model takes at most "
            + limit);
    this.unit = unit;
    this.length = length;
    this.limit = limit;
  }

  static TextTooLongException ofCharacters(int characters, int limit) {
    return new TextTooLongException(Unit.CHARACTERS, characters, limit);
  }

  public Unit unit() {
    return unit;
  }

  /** How long the input is, in {@link #unit()}. */
  public int length() {
    return length;
  }

  /** How long it may be, in {@link #unit()}. */
  public int limit() {
    return limit;
  }
}
