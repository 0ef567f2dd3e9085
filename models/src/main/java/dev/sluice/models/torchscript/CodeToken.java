// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

/**
 * A word, number, string or sign of code.
 *
 * @param text as it stands there, strings with their quotes
 * @param from where it begins in the file
 * @param to where it has ended
 */
record CodeToken(Kind kind, String text, int from, int to) {
  enum Kind {
    NAME,
    NUMBER,
    STRING,
    SIGN
  }

  boolean is(String sign) {
    return text.equals(sign);
  }

  boolean isName() {
    return kind == Kind.NAME;
  }

  /** What a string says; names of attributes need no escapes. */
  String unquoted() {
    return text.substring(1, text.length() - 1);
  }
}
