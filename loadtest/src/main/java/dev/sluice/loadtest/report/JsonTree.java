// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Go reads it into an {@code interface{}}: sorted maps, lists, strings, doubles, booleans
 * and null. How deep and how long it may be is bounded by the parser.
 */
public final class JsonTree {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonTree() {}

  /**
   * @param what the name of the text, for the error
   * @throws ReportException if it is not one JSON value
   */
  public static @Nullable Object parse(String what, String json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new ReportException(what + ": something follows its JSON value");
      }
      return value;
    } catch (JsonProcessingException failure) {
      throw new ReportException(what + ": not JSON: " + failure.getOriginalMessage(), failure);
    } catch (IOException failure) {
      throw new ReportException(what + ": cannot be read: " + failure.getMessage(), failure);
    }
  }

  static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new ReportException("JSON ends where a value should be");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          map.put(key, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new ReportException("JSON has " + token + " where a value should be");
    };
  }
}
