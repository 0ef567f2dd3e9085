// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.loadtest.call.Functions.Function;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/** The part of sprig that call data has a use for. Times are in UTC. */
final class SprigFunctions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 1 << 24;

  private SprigFunctions() {}

  static void addTo(
      Map<String, Function> all,
      InstantSource clock,
      java.util.function.Function<String, String> env) {
    texts(all, env);
    numbers(all);
    all.put("now", args -> clock.instant());
    all.put("unixEpoch", args -> String.valueOf(instant(args.get(0)).getEpochSecond()));
    all.put("date", args -> date(Functions.text(args.get(0)), instant(args.get(1))));
    all.put("toJson", args -> json(args.get(0)));
    all.put("list", List::copyOf);
    all.put("dict", SprigFunctions::dict);
    all.put("default", args -> Functions.truth(args.get(1)) ? args.get(1) : args.get(0));
    all.put("ternary", args -> Functions.truth(args.get(2)) ? args.get(0) : args.get(1));
  }

  private static void texts(
      Map<String, Function> all, java.util.function.Function<String, String> env) {
    all.put("upper", args -> Functions.text(args.get(0)).toUpperCase(Locale.ROOT));
    all.put("lower", args -> Functions.text(args.get(0)).toLowerCase(Locale.ROOT));
    all.put("trim", args -> Functions.text(args.get(0)).strip());
    all.put("repeat", args -> repeat(Functions.whole(args.get(0)), Functions.text(args.get(1))));
    all.put("env", args -> env.apply(Functions.text(args.get(0))));
    all.put(
        "b64enc",
        args -> Base64.getEncoder().encodeToString(Functions.text(args.get(0)).getBytes(UTF_8)));
    all.put(
        "b64dec",
        args -> new String(Base64.getDecoder().decode(Functions.text(args.get(0))), UTF_8));
  }

  private static void numbers(Map<String, Function> all) {
    all.put("add", args -> fold(args, Math::addExact));
    all.put("sub", args -> fold(args.subList(0, 2), Math::subtractExact));
    all.put("mul", args -> fold(args, Math::multiplyExact));
    all.put("div", args -> fold(args.subList(0, 2), (a, b) -> a / b));
    all.put("mod", args -> fold(args.subList(0, 2), (a, b) -> a % b));
    all.put("max", args -> fold(args, Math::max));
    all.put("min", args -> fold(args, Math::min));
  }

  private static Long fold(List<Object> args, LongBinaryOperator operator) {
    long value = Functions.whole(args.get(0));
    for (Object other : args.subList(1, args.size())) {
      value = operator.applyAsLong(value, Functions.whole(other));
    }
    return value;
  }

  private static String repeat(long times, String text) {
    if (times < 0 || times * Math.max(1, text.length()) > LONGEST || times > LONGEST) {
      throw new IllegalArgumentException("wants to make at most " + LONGEST + " characters");
    }
    return text.repeat((int) times);
  }

  private static Map<String, Object> dict(List<Object> args) {
    Map<String, Object> dict = new LinkedHashMap<>();
    for (int i = 0; i < args.size(); i += 2) {
      dict.put(Functions.text(args.get(i)), i + 1 < args.size() ? args.get(i + 1) : "");
    }
    return dict;
  }

  private static Instant instant(Object value) {
    return value instanceof Instant time ? time : Instant.ofEpochSecond(Functions.whole(value));
  }

  static String json(Object value) {
    return JSON.valueToTree(value).toString();
  }

  /** Go's layouts show how a certain moment of 2006 is written. */
  private static String date(String layout, Instant time) {
    List<String> go =
        List.of("2006", "January", "Jan", "01", "02", "15", "04", "05", "Monday", "Mon");
    List<String> java = List.of("yyyy", "MMMM", "MMM", "MM", "dd", "HH", "mm", "ss", "EEEE", "EEE");
    List<String> parts = new ArrayList<>();
    int at = 0;
    while (at < layout.length()) {
      int found = -1;
      for (int i = 0; i < go.size() && found < 0; i++) {
        found = layout.startsWith(go.get(i), at) ? i : -1;
      }
      char c = layout.charAt(at);
      parts.add(found >= 0 ? java.get(found) : c == '\'' ? "''" : "'" + c + "'");
      at += found >= 0 ? go.get(found).length() : 1;
    }
    return DateTimeFormatter.ofPattern(String.join("", parts), Locale.ROOT)
        .format(time.atOffset(ZoneOffset.UTC));
  }
}
