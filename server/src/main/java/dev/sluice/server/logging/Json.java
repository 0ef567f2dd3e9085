// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import java.util.Iterator;
import java.util.Map;

/** Writes JSON: maps, lists, strings, numbers, booleans. Everything odd in a string is escaped. */
public final class Json {
  private Json() {}

  /** One line of JSON for a tree of maps, iterables and plain values. */
  public static String line(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> object(map, out);
      case Iterable<?> items -> array(items, out);
      case Number number -> out.append(number);
      case Boolean truth -> out.append(truth);
      default -> string(value.toString(), out);
    }
  }

  private static void object(Map<?, ?> map, StringBuilder out) {
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      string(String.valueOf(entry.getKey()), out);
      out.append(':');
      write(entry.getValue(), out);
      out.append(entries.hasNext() ? "," : "");
    }
    out.append('}');
  }

  private static void array(Iterable<?> items, StringBuilder out) {
    out.append('[');
    Iterator<?> each = items.iterator();
    while (each.hasNext()) {
      write(each.next(), out);
      out.append(each.hasNext() ? "," : "");
    }
    out.append(']');
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (Escapes.odd(c) || unpaired(text, i)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Half a character, which UTF-8 cannot write. */
  private static boolean unpaired(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
