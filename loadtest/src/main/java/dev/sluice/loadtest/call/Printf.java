// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Go's {@code printf}, with the verbs that data has a use for. */
final class Printf {
  private static final Pattern VERB =
      Pattern.compile("%([-+0 ]*)(\\d{0,3})(\\.\\d{1,2})?([a-zA-Z%])");

  private Printf() {}

  static String format(List<Object> arguments) {
    String format = Functions.text(arguments.get(0));
    StringBuilder out = new StringBuilder();
    Matcher verb = VERB.matcher(format);
    int next = 1;
    while (verb.find()) {
      String made = "%";
      if (!verb.group(4).equals("%")) {
        made = one(verb, arguments.get(next++));
      }
      verb.appendReplacement(out, Matcher.quoteReplacement(made));
    }
    return verb.appendTail(out).toString();
  }

  private static String one(Matcher verb, Object value) {
    String flags = verb.group(1) + verb.group(2);
    String precision = verb.group(3) == null ? "" : verb.group(3);
    String padding = "%" + flags.replaceAll("^[+0 ]+", "");
    return switch (verb.group(4)) {
      case "d" -> java(flags + "d", Functions.whole(value));
      case "x" -> java(flags + "x", Functions.whole(value));
      case "f", "e" -> java(flags + precision + verb.group(4), decimal(value));
      case "s", "v", "t" ->
          String.format(Locale.ROOT, padding + precision + "s", Functions.text(value));
      case "q" ->
          String.format(Locale.ROOT, padding + "s", SprigFunctions.json(Functions.text(value)));
      default -> throw new IllegalArgumentException("does not know %" + verb.group(4));
    };
  }

  private static double decimal(Object value) {
    return value instanceof Double number ? number : Functions.whole(value);
  }

  private static String java(String format, Object value) {
    return String.format(Locale.ROOT, "%" + format, value);
  }
}
