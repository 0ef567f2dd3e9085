// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that settings have. */
final class ValueTypes {
  private static final Pattern ORIGIN =
      Pattern.compile("\\*|[a-z][a-z0-9+.-]*://[A-Za-z0-9._\\[\\]:-]{1,255}");

  private ValueTypes() {}

  static ValueType<Integer> count(int least, int most) {
    return ValueType.one(
        "a whole number from " + least + " to " + most,
        "N",
        text -> wholeNumber(text, least, most),
        String::valueOf);
  }

  static ValueType<Long> longCount(long least, long most) {
    return ValueType.one(
        "a whole number from " + least + " to " + most,
        "N",
        text -> Quantities.wholeNumber(text).filter(n -> n >= least && n <= most),
        String::valueOf);
  }

  /** A number, or {@code auto} (also written 0) to let the server choose. */
  static ValueType<OptionalInt> countOrAuto(int most) {
    return ValueType.one(
        "auto or a whole number from 1 to " + most,
        "N|auto",
        text ->
            text.equals("auto")
                ? Optional.of(OptionalInt.empty())
                : wholeNumber(text, 0, most)
                    .map(n -> n == 0 ? OptionalInt.empty() : OptionalInt.of(n)),
        value -> value.isEmpty() ? "auto" : String.valueOf(value.getAsInt()));
  }

  static ValueType<Long> size(String least, String most) {
    long min = Quantities.size(least).orElseThrow();
    long max = Quantities.size(most).orElseThrow();
    return ValueType.one(
        "a size such as 8KiB or 64MiB, from " + least + " to " + most,
        "SIZE",
        text -> Quantities.size(text).filter(n -> n >= min && n <= max),
        Quantities::printSize);
  }

  static ValueType<Duration> duration(String least, String most) {
    return ValueType.one(
        "a duration such as 500ms, 25s or 5m, from " + least + " to " + most,
        "DURATION",
        text -> durationBetween(text, least, most),
        Quantities::printDuration);
  }

  /** A duration, or a word that means there is none. */
  static ValueType<Optional<Duration>> durationOr(String none, String least, String most) {
    return ValueType.one(
        none + " or a duration such as 500ms, 25s or 5m, from " + least + " to " + most,
        "DURATION|" + none,
        text -> {
          Optional<Duration> value = durationBetween(text, least, most);
          return value.isPresent() || text.equals(none) ? Optional.of(value) : Optional.empty();
        },
        value -> value.map(Quantities::printDuration).orElse(none));
  }

  static ValueType<TargetWait> targetWait(String least, String most) {
    return ValueType.one(
        "auto, none or a duration such as 50ms, from " + least + " to " + most,
        "DURATION|auto|none",
        text ->
            switch (text) {
              case "auto" -> Optional.of(TargetWait.BY_OBJECTIVES);
              case "none" -> Optional.of(TargetWait.NEVER);
              default -> durationBetween(text, least, most).map(TargetWait.Fixed::new);
            },
        wait ->
            switch (wait) {
              case TargetWait.ByObjectives any -> "auto";
              case TargetWait.Never never -> "none";
              case TargetWait.Fixed fixed -> Quantities.printDuration(fixed.time());
            });
  }

  static ValueType<Double> share() {
    return ValueType.one(
        "a number from 0 to 1, such as 0.01",
        "SHARE",
        ValueTypes::oneShare,
        share -> BigDecimal.valueOf(share).toPlainString());
  }

  static ValueType<Double> shareAboveZero() {
    return ValueType.one(
        "a number above 0 and up to 1, such as 0.25",
        "SHARE",
        text -> oneShare(text).filter(share -> share > 0),
        share -> BigDecimal.valueOf(share).toPlainString());
  }

  static ValueType<Boolean> flag() {
    return ValueType.one(
        "true or false",
        "true|false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        String::valueOf);
  }

  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    Function<E, String> print = value -> value.name().toLowerCase(Locale.ROOT);
    List<E> all = Arrays.asList(type.getEnumConstants());
    String words = all.stream().map(print).collect(Collectors.joining("|"));
    return ValueType.one(
        "one of " + words.replace("|", ", "),
        words,
        text -> all.stream().filter(value -> print.apply(value).equals(text)).findFirst(),
        print);
  }

  /** One of the words, each with what it means. */
  static <T> ValueType<T> word(Map<String, T> meanings) {
    Map<String, T> sorted = new TreeMap<>(meanings);
    return ValueType.one(
        "one of " + String.join(", ", sorted.keySet()),
        String.join("|", sorted.keySet()),
        text -> Optional.ofNullable(sorted.get(text)),
        value ->
            sorted.entrySet().stream()
                .filter(word -> word.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow());
  }

  static ValueType<String> host() {
    return ValueType.one(
        "a host name or address",
        "HOST",
        text -> Optional.of(text).filter(t -> t.matches("[A-Za-z0-9.:_%-]{1,253}")),
        ValueTypes::yaml);
  }

  static ValueType<Path> path() {
    return ValueType.one("a path", "DIR", ValueTypes::onePath, path -> yaml(path.toString()));
  }

  static ValueType<Optional<Path>> fileOrNone() {
    return ValueType.one(
        "none or a path",
        "FILE|none",
        text -> {
          Optional<Path> file = text.equals("none") ? Optional.empty() : onePath(text);
          return file.isPresent() || text.equals("none") ? Optional.of(file) : Optional.empty();
        },
        file -> file.map(path -> yaml(path.toString())).orElse("none"));
  }

  static ValueType<List<Path>> paths(int most) {
    return new ValueType<>(
        "a path, or a list of at most " + most + " paths",
        "DIR",
        true,
        texts -> manyPaths(texts, most),
        paths ->
            paths.stream()
                .map(path -> yaml(path.toString()))
                .collect(Collectors.joining(", ", "[", "]")));
  }

  /** Origins of web pages, as browsers send them; one text, as colons stand in them. */
  static ValueType<List<String>> origins(int most) {
    return ValueType.one(
        "none, * or at most " + most + " origins such as https://example.org, with commas between",
        "ORIGINS",
        text -> manyOrigins(text, most),
        origins -> origins.isEmpty() ? "none" : yaml(String.join(",", origins)));
  }

  static ValueType<DeviceChoice> device() {
    return ValueType.one(
        "auto, cpu, gpu or gpu:N", "DEVICE", ValueTypes::oneDevice, ValueTypes::printDevice);
  }

  /** A size, or a share of what is free, or no bound. */
  static ValueType<CardMemory> cardMemory(String least, String most) {
    ValueType<Long> size = size(least, most);
    return ValueType.one(
        "all, a share of what is free such as 80%, or a size such as 8GiB, from "
            + least
            + " to "
            + most,
        "SIZE|SHARE|all",
        text ->
            text.equals("all") || text.endsWith("%")
                ? CardMemory.parse(text)
                : size.parse(List.of(text)).map(CardMemory.Bytes::new),
        memory ->
            memory instanceof CardMemory.Bytes bytes
                ? Quantities.printSize(bytes.bytes())
                : memory.text());
  }

  private static Optional<DeviceChoice> oneDevice(String text) {
    try {
      return Optional.of(DeviceChoice.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String printDevice(DeviceChoice device) {
    return switch (device) {
      case DeviceChoice.Auto auto -> "auto";
      case DeviceChoice.Cpu cpu -> "cpu";
      case DeviceChoice.Gpu gpu -> "gpu:" + gpu.index();
    };
  }

  private static Optional<Integer> wholeNumber(String text, int least, int most) {
    return Quantities.wholeNumber(text).filter(n -> n >= least && n <= most).map(Math::toIntExact);
  }

  private static Optional<Double> oneShare(String text) {
    return text.matches("[01]|[01]?\\.[0-9]{1,9}")
        ? Optional.of(Double.valueOf(text)).filter(share -> share <= 1)
        : Optional.empty();
  }

  private static Optional<Duration> durationBetween(String text, String least, String most) {
    Duration min = Quantities.duration(least).orElseThrow();
    Duration max = Quantities.duration(most).orElseThrow();
    return Quantities.duration(text)
        .filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
  }

  private static Optional<Path> onePath(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> manyOrigins(String text, int most) {
    if (text.equals("none")) {
      return Optional.of(List.of());
    }
    List<String> origins = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    boolean good = origins.stream().allMatch(origin -> ORIGIN.matcher(origin).matches());
    return good && origins.size() <= most ? Optional.of(origins) : Optional.empty();
  }

  private static Optional<List<Path>> manyPaths(List<String> texts, int most) {
    List<Path> paths = new ArrayList<>();
    for (String text : texts) {
      Optional<Path> path = onePath(text);
      if (path.isEmpty() || paths.size() == most) {
        return Optional.empty();
      }
      paths.add(path.get());
    }
    return Optional.of(List.copyOf(paths));
  }

  /** Plain where YAML reads it back as the same text, else in double quotes. */
  private static String yaml(String text) {
    boolean plain = text.matches("[A-Za-z0-9/._][A-Za-z0-9/._:-]*") && !text.endsWith(":");
    return plain ? text : Messages.yamlQuote(text);
  }
}
