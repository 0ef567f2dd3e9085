// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON byte for byte as Go's {@code encoding/json} writes it: its escapes, its floats, and its
 * indentation where asked for. Keys come in the order in which they are given.
 */
final class JsonOut {
  private static final String HEX = "0123456789abcdef";

  private final Appendable out;
  private final boolean indented;
  private int depth;
  private boolean first = true;
  private boolean afterKey;

  JsonOut(Appendable out, boolean indented) {
    this.out = out;
    this.indented = indented;
  }

  /** One line. */
  static String line(@Nullable Object tree) {
    return text(tree, false);
  }

  static String text(@Nullable Object tree, boolean indented) {
    StringBuilder text = new StringBuilder();
    try {
      new JsonOut(text, indented).tree(tree);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return text.toString();
  }

  JsonOut begin(char bracket) throws IOException {
    place();
    out.append(bracket);
    depth++;
    first = true;
    return this;
  }

  JsonOut end(char bracket) throws IOException {
    depth--;
    if (!first) {
      newLine();
    }
    out.append(bracket);
    first = false;
    return this;
  }

  JsonOut key(String key) throws IOException {
    place();
    quoted(key);
    out.append(indented ? ": " : ":");
    afterKey = true;
    return this;
  }

  /**
   * Writes what {@link JsonTree} reads, and integers as such.
   *
   * @throws IllegalArgumentException for other types
   */
  JsonOut tree(@Nullable Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> object(map);
      case List<?> list -> {
        begin('[');
        for (Object item : list) {
          tree(item);
        }
        end(']');
      }
      case String text -> {
        place();
        quoted(text);
      }
      case Integer number -> raw(number.toString());
      case Long number -> raw(number.toString());
      case Double number -> raw(GoNumbers.json(number));
      case Boolean truth -> raw(truth.toString());
      case null -> raw("null");
      default -> throw new IllegalArgumentException("not JSON: " + value.getClass());
    }
    return this;
  }

  private void object(Map<?, ?> map) throws IOException {
    begin('{');
    Map<String, @Nullable Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
    for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
      key(entry.getKey()).tree(entry.getValue());
    }
    end('}');
  }

  private void raw(String text) throws IOException {
    place();
    out.append(text);
  }

  private void place() throws IOException {
    if (afterKey) {
      afterKey = false;
      return;
    }
    if (!first) {
      out.append(',');
    }
    if (depth > 0) {
      newLine();
    }
    first = false;
  }

  private void newLine() throws IOException {
    if (indented) {
      out.append('\n').append("  ".repeat(depth));
    }
  }

  private void quoted(String text) throws IOException {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        escaped(c);
      }
    }
    out.append('"');
  }

  private void escaped(char c) throws IOException {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (Character.isSurrogate(c)) {
          out.append("\\ufffd");
        } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
          out.append("\\u");
          for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt((c >> shift) & 0xf));
          }
        } else {
          out.append(c);
        }
      }
    }
  }
}
