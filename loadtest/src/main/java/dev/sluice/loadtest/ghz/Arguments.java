// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command line as kingpin reads it for ghz: {@code --x=v}, {@code --x v}, {@code -nV}, {@code -n
 * V}, {@code -be} for two switches, {@code --no-x}, one host anywhere, and nothing but the host
 * behind {@code --}. Used once, by one thread.
 */
final class Arguments {
  private final Deque<String> left;
  private final Map<Flag, Object> given = new LinkedHashMap<>();
  private String host = "";

  private Arguments(List<String> args) {
    this.left = new ArrayDeque<>(args);
  }

  /** What was set, and the host or an empty text. */
  record Given(Map<Flag, Object> values, String host) {}

  static Given read(List<String> args) {
    Arguments reading = new Arguments(args);
    reading.readAll();
    return new Given(reading.given, reading.host);
  }

  private void readAll() {
    boolean flags = true;
    while (!left.isEmpty()) {
      String word = left.remove();
      if (flags && word.equals("--")) {
        flags = false;
      } else if (flags && word.startsWith("--")) {
        named(word.substring(2));
      } else if (flags && word.startsWith("-") && word.length() > 1) {
        lettered(word);
      } else if (host.isEmpty()) {
        host = word;
      } else {
        throw new OptionsException("unexpected " + word + " (the host is " + host + ")");
      }
    }
  }

  private void named(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    @Nullable String value = equals < 0 ? null : word.substring(equals + 1);
    Flag flag = FlagTable.named(name);
    Flag negated = name.startsWith("no-") ? FlagTable.named(name.substring(3)) : null;
    if (flag == null && negated != null && negated.kind() == Kind.BOOL && value == null) {
      put(negated, "false");
    } else if (flag == null) {
      throw new OptionsException(
          "unknown long flag '--" + name + "'" + Nearest.hint("--", name, FlagTable.names()));
    } else if (flag.kind() == Kind.BOOL) {
      put(flag, value == null ? "true" : value);
    } else {
      put(flag, value == null ? next(flag) : value);
    }
  }

  private void lettered(String word) {
    refuseOldStyle(word);
    for (int i = 1; i < word.length(); i++) {
      Flag flag = FlagTable.lettered(word.charAt(i));
      if (flag == null) {
        throw new OptionsException("unknown short flag '-" + word.charAt(i) + "'");
      }
      if (flag.kind() != Kind.BOOL) {
        put(flag, i + 1 < word.length() ? word.substring(i + 1) : next(flag));
        return;
      }
      put(flag, "true");
    }
  }

  /**
   * Until 0.50 ghz took {@code -insecure}; read as letters it would silently mean something else.
   */
  private static void refuseOldStyle(String word) {
    int equals = word.indexOf('=');
    String name = word.substring(1, equals < 0 ? word.length() : equals);
    if (name.length() > 1 && FlagTable.named(name) != null) {
      throw new OptionsException("unknown flag '-" + name + "'; did you mean --" + name + "?");
    }
  }

  /** A value may start with a dash only where it is a negative number. */
  private String next(Flag flag) {
    String value = left.peek();
    boolean another =
        value != null
            && value.length() > 1
            && value.startsWith("-")
            && !(flag.kind() == Kind.INT && Character.isDigit(value.charAt(1)));
    if (value == null || another) {
      throw new OptionsException("expected argument for flag '--" + flag.name() + "'");
    }
    return left.remove();
  }

  private void put(Flag flag, String text) {
    Object value;
    try {
      value = Parsers.text(flag, text);
    } catch (IllegalArgumentException e) {
      // What is in objects may be secret, and a choice shows what it could have been.
      boolean shown = flag.kind() != Kind.MAP && flag.kind() != Kind.CHOICE;
      throw new OptionsException(
          "--" + flag.name() + " " + e.getMessage() + (shown ? ", not '" + text + "'" : ""));
    }
    Object before = given.get(flag);
    if (before != null && flag.kind() == Kind.REPEATED) {
      List<Object> all = new ArrayList<>((List<?>) before);
      all.addAll((List<?>) value);
      given.put(flag, List.copyOf(all));
    } else if (before != null) {
      throw new OptionsException("flag '--" + flag.name() + "' cannot be repeated");
    } else {
      given.put(flag, value);
    }
  }
}
