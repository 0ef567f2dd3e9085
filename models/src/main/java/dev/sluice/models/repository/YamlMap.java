// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A YAML mapping of known keys, read with plain types only and with bounds on size, nesting and
 * aliases. Errors name the file, the key, and what would be right.
 */
final class YamlMap {
  private static final int MAX_CHARS = 1 << 16;
  private static final int MAX_ALIASES = 10;
  private static final int MAX_DEPTH = 10;

  private final String where;
  private final Map<?, ?> values;

  private YamlMap(String where, Map<?, ?> values) {
    this.where = where;
    this.values = values;
  }

  static YamlMap parse(String file, String text, List<String> known) throws RefusedException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARS);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setAllowDuplicateKeys(false);
    options.setAllowRecursiveKeys(false);
    Object value;
    try {
      value = new Yaml(new SafeConstructor(options)).load(text);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String at =
          mark == null
              ? ""
              : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
      throw new RefusedException(file + " is not valid YAML" + at + ": " + oneLine(e.getProblem()));
    } catch (YAMLException e) {
      throw new RefusedException(file + " is not valid YAML: " + oneLine(e.getMessage()));
    }
    return of(file, value == null ? Map.of() : value, known);
  }

  private static YamlMap of(String where, Object value, List<String> known)
      throws RefusedException {
    if (!(value instanceof Map<?, ?> map)) {
      throw new RefusedException(where + " must hold 'key: value' lines");
    }
    for (Object key : map.keySet()) {
      String word = String.valueOf(key);
      if (!known.contains(word)) {
        throw new RefusedException(
            where
                + ": unknown key '"
                + ModelNames.printable(word)
                + "'"
                + Nearest.hint(word, known));
      }
    }
    return new YamlMap(where, map);
  }

  RefusedException wrong(String key, String expected) {
    String value = ModelNames.printable(String.valueOf(values.get(key)));
    return refused(key + " must be " + expected + ", not '" + value + "'");
  }

  RefusedException refused(String what) {
    return new RefusedException(where + ": " + what);
  }

  Optional<String> string(String key) throws RefusedException {
    Object value = get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    throw wrong(key, "a word");
  }

  Optional<Boolean> bool(String key) throws RefusedException {
    Object value = get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Boolean flag) {
      return Optional.of(flag);
    }
    throw wrong(key, "true or false");
  }

  OptionalInt integer(String key, int min, int max) throws RefusedException {
    OptionalLong value = whole(key, min, max);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  OptionalLong whole(String key, long min, long max) throws RefusedException {
    Object value = get(key);
    if (value == null) {
      return OptionalLong.empty();
    }
    if ((value instanceof Integer || value instanceof Long)
        && ((Number) value).longValue() >= min
        && ((Number) value).longValue() <= max) {
      return OptionalLong.of(((Number) value).longValue());
    }
    throw wrong(key, "a whole number from " + min + " to " + max);
  }

  /** A part of something: above 0, up to 1. */
  OptionalDouble share(String key) throws RefusedException {
    Object value = get(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (value instanceof Number share && share.doubleValue() > 0 && share.doubleValue() <= 1) {
      return OptionalDouble.of(share.doubleValue());
    }
    throw wrong(key, "a number above 0 and up to 1, such as 0.25");
  }

  /** A mapping whose keys the file chooses; empty where there is none. */
  Optional<Map<?, ?>> anyKeys(String key) throws RefusedException {
    Object value = get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Map<?, ?> map) {
      return Optional.of(map);
    }
    throw wrong(key, "a mapping");
  }

  /** One of the words, which the refusal of another one lists. */
  Optional<String> oneOf(String key, List<String> words) throws RefusedException {
    Optional<String> given = string(key);
    if (given.isPresent() && !words.contains(given.get())) {
      throw refused(
          "%s must be one of %s, not '%s'%s"
              .formatted(
                  key,
                  String.join(", ", words),
                  ModelNames.printable(given.get()),
                  Nearest.hint(given.get(), words)));
    }
    return given;
  }

  /** A list of some of the words; empty where there is none. */
  List<String> words(String key, List<String> known) throws RefusedException {
    List<String> words = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof String word) || !known.contains(word)) {
        throw wrong(key, "a list of some of " + String.join(", ", known));
      }
      words.add(word);
    }
    return words;
  }

  /** A mapping below this one; empty where there is none. */
  Optional<YamlMap> map(String key, List<String> known) throws RefusedException {
    Object value = get(key);
    return value == null ? Optional.empty() : Optional.of(of(where + ": " + key, value, known));
  }

  /** A list of mappings; empty where there is none. */
  List<YamlMap> maps(String key, List<String> known) throws RefusedException {
    List<YamlMap> maps = new ArrayList<>();
    for (Object item : list(key)) {
      maps.add(of(where + ": " + key + "[" + maps.size() + "]", item == null ? "" : item, known));
    }
    return maps;
  }

  /** A list of whole numbers; empty where there is none. */
  List<Long> wholes(String key) throws RefusedException {
    List<Long> numbers = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof Integer) && !(item instanceof Long)) {
        throw wrong(key, "a list of whole numbers");
      }
      numbers.add(((Number) item).longValue());
    }
    return numbers;
  }

  boolean has(String key) {
    return get(key) != null;
  }

  private List<?> list(String key) throws RefusedException {
    Object value = get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "a list");
  }

  private @Nullable Object get(String key) {
    return values.get(key);
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }
}
