// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of flags, from the text of the command line or a node of a configuration file. What does
 * not fit is an {@link IllegalArgumentException} that says what would.
 */
final class Parsers {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Parsers() {}

  static Object text(Flag flag, String text) {
    return switch (flag.kind()) {
      case TEXT, DATA -> text;
      case TEXTS -> text.isEmpty() ? List.of() : List.of(text.split(",", -1));
      case REPEATED -> text.isEmpty() ? List.of() : List.of(text);
      case BOOL -> bool(text);
      case UINT -> number(text, 0, "wants a whole number from 0 to 2147483647");
      case INT -> number(text, Integer.MIN_VALUE, "wants a whole number of 32 bits");
      case DURATION -> GoDuration.parse(text.isEmpty() ? "0" : text);
      case BYTES -> ByteSize.parse(text);
      case CHOICE -> choice(flag, text);
      case MAP -> text.isEmpty() ? Map.of() : map(json(text));
    };
  }

  /**
   * Durations and sizes are strings in files, as ghz has it; call data is an object or an array.
   */
  static Object node(Flag flag, JsonNode node) {
    return switch (flag.kind()) {
      case TEXT, DURATION, CHOICE -> text(flag, string(node));
      case DATA -> data(node);
      case TEXTS, REPEATED -> strings(node);
      case BOOL -> {
        require(node.isBoolean(), "wants true or false");
        yield node.booleanValue();
      }
      case UINT, INT -> {
        require(node.isIntegralNumber(), "wants a whole number");
        yield text(flag, node.asText());
      }
      case BYTES -> text(flag, node.isIntegralNumber() ? node.asText() : string(node));
      case MAP -> map(node);
    };
  }

  private static Object bool(String text) {
    require(text.equals("true") || text.equals("false"), "wants true or false");
    return text.equals("true");
  }

  private static Integer number(String text, int least, String wanted) {
    try {
      int number = Integer.parseInt(text);
      require(number >= least, wanted);
      return number;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(wanted, e);
    }
  }

  /** ghz takes any other end of a run for "close"; a spelling mistake is better named. */
  private static String choice(Flag flag, String text) {
    require(
        flag.choices().contains(text),
        "must be one of "
            + String.join(", ", flag.choices())
            + Nearest.hint("", text, flag.choices()));
    return text;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
  }

  /** The text of an object of strings, for what fills templates in it later. */
  static String json(Map<String, String> map) {
    return JSON.valueToTree(map).toString();
  }

  private static Map<String, String> map(JsonNode node) {
    require(node.isObject(), "wants an object of strings");
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      require(entry.getValue().isTextual(), "wants a string for \"" + entry.getKey() + "\"");
      map.put(entry.getKey(), entry.getValue().textValue());
    }
    return Collections.unmodifiableMap(map);
  }

  private static String data(JsonNode node) {
    boolean objects = node.isArray();
    for (JsonNode element : node) {
      objects &= element.isObject();
    }
    require(node.isObject() || objects, "unsupported type for Data: wants an object or an array");
    return node.toString();
  }

  private static List<String> strings(JsonNode node) {
    require(node.isArray(), "wants an array of strings");
    List<String> strings = new ArrayList<>();
    node.forEach(element -> strings.add(element.isNumber() ? element.asText() : string(element)));
    return List.copyOf(strings);
  }

  private static String string(JsonNode node) {
    require(node.isTextual(), "wants a string");
    return node.textValue();
  }

  private static void require(boolean fits, String wanted) {
    if (!fits) {
      throw new IllegalArgumentException(wanted);
    }
  }
}
