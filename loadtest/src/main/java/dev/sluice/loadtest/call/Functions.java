// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Functions of templates: Go's own, ghz's three, and of sprig's those that make sense here. */
final class Functions {
  private Functions() {}

  /** Arguments that do not fit are an IllegalArgumentException, one too few is out of bounds. */
  interface Function {
    Object apply(List<Object> arguments);
  }

  /** All of them; the caller's thread alone may use the generator. */
  static Map<String, Function> all(
      RandomGenerator random,
      InstantSource clock,
      java.util.function.Function<String, String> env) {
    Map<String, Function> all = new HashMap<>(builtIn());
    SprigFunctions.addTo(all, clock, env);
    RandomFunctions.addTo(all, random);
    return Map.copyOf(all);
  }

  /** Go's own, which templates have even where functions are turned off. */
  static Map<String, Function> builtIn() {
    return Map.ofEntries(
        Map.entry("eq", args -> same(args.get(0), args.get(1))),
        Map.entry("ne", args -> !same(args.get(0), args.get(1))),
        Map.entry("lt", args -> number(args.get(0)) < number(args.get(1))),
        Map.entry("le", args -> number(args.get(0)) <= number(args.get(1))),
        Map.entry("gt", args -> number(args.get(0)) > number(args.get(1))),
        Map.entry("ge", args -> number(args.get(0)) >= number(args.get(1))),
        Map.entry("not", args -> !truth(args.get(0))),
        Map.entry(
            "and",
            args -> args.stream().filter(arg -> !truth(arg)).findFirst().orElse(args.getLast())),
        Map.entry(
            "or",
            args -> args.stream().filter(Functions::truth).findFirst().orElse(args.getLast())),
        Map.entry("len", args -> (long) length(args.get(0))),
        Map.entry("index", args -> index(args.get(0), args.get(1))),
        Map.entry(
            "print", args -> args.stream().map(Functions::text).collect(Collectors.joining(" "))),
        Map.entry("printf", Printf::format));
  }

  /** As Go prints it. */
  static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Functions::text).collect(Collectors.joining(" ", "[", "]"));
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ":" + text(entry.getValue()))
          .collect(Collectors.joining(" ", "map[", "]"));
    } else if (value instanceof Double number && number == Math.rint(number)) {
      return Math.abs(number) < 1e15 ? String.valueOf(number.longValue()) : number.toString();
    }
    return String.valueOf(value);
  }

  /** Whether it is neither false, zero nor empty. */
  static boolean truth(Object value) {
    return switch (value) {
      case Boolean bool -> bool;
      case Number number -> number.doubleValue() != 0;
      default -> length(value) != 0;
    };
  }

  static long whole(Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number.longValue();
      case String text when text.matches("-?\\d{1,18}") -> Long.parseLong(text);
      default -> throw new IllegalArgumentException("wants a whole number, not " + text(value));
    };
  }

  private static double number(Object value) {
    return value instanceof Number number ? number.doubleValue() : whole(value);
  }

  private static boolean same(Object one, Object other) {
    return (one instanceof Number && other instanceof Number)
        ? number(one) == number(other)
        : Objects.equals(one, other);
  }

  private static int length(Object value) {
    return switch (value) {
      case String text -> text.length();
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      default -> 1;
    };
  }

  private static Object index(Object container, Object key) {
    if (container instanceof Map<?, ?> map) {
      Object value = map.get(text(key));
      return value == null ? "" : value;
    } else if (container instanceof List<?> list) {
      return list.get(Math.toIntExact(whole(key)));
    }
    throw new IllegalArgumentException("wants a list or a dict");
  }
}
