// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a value is written and read. All values arrive as text, from a file, a variable or a flag,
 * and are judged here alone.
 *
 * @param expected what a right value is, bounds included, to follow the word "expected"
 * @param placeholder what stands for the value in help texts
 * @param many whether several values may be given
 * @param parser empty for a wrong value
 * @param printer writes a value as it would stand in a YAML file
 */
public record ValueType<T>(
    String expected,
    String placeholder,
    boolean many,
    Function<List<String>, Optional<T>> parser,
    Function<T, String> printer) {

  static <T> ValueType<T> one(
      String expected,
      String placeholder,
      Function<String, Optional<T>> parser,
      Function<T, String> printer) {
    return new ValueType<>(
        expected,
        placeholder,
        false,
        texts -> texts.size() == 1 ? parser.apply(texts.get(0).strip()) : Optional.empty(),
        printer);
  }

  Optional<T> parse(List<String> texts) {
    return parser.apply(texts);
  }

  String print(T value) {
    return printer.apply(value);
  }
}
