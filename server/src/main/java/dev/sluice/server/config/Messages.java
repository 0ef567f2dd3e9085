// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Makes foreign text fit for a one-line message. */
final class Messages {
  private static final int LONGEST = 80;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f]");

  private Messages() {}

  /** In single quotes, shortened, with control characters replaced. */
  static String quote(String text) {
    return "'" + clean(text) + "'";
  }

  /** Shortened, with control characters replaced. */
  static String clean(String text) {
    String start = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    return CONTROL.matcher(start).replaceAll("?");
  }

  /** Whole, as the operator must find it, with control characters replaced. */
  static String path(Path path) {
    return CONTROL.matcher(path.toString()).replaceAll("?");
  }

  /** A double-quoted YAML scalar that reads back as exactly this text. */
  static String yamlQuote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
