// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

/** Keeps what a client sent from forging log lines or driving a terminal. */
final class Escapes {
  private Escapes() {}

  /** Control characters, line separators, and marks that turn the direction of text. */
  static boolean odd(char c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || c == 0x2028
        || c == 0x2029
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }

  /** The text on one line, with every odd character written as its number. */
  static String oneLine(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(odd(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return out.toString();
  }
}
