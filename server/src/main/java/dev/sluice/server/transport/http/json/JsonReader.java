// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.sluice.server.transport.shared.Refusals;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads hostile JSON as a stream. Depth, the length of numbers and names and the number of names
 * are bounded, strings by the body they stand in; a name that is given twice is refused where it is
 * not passed over. Everything that is refused is a {@code ProblemException} that says where. For
 * one thread.
 */
public final class JsonReader {
  private static final int MAX_DEPTH = 64;
  private static final int LONGEST_NUMBER = 128;
  private static final int LONGEST_NAME = 1024;
  private static final int MOST_NAMES = 10_000;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(LONGEST_NUMBER)
                  .maxNameLength(LONGEST_NAME)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private int nameCount;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads a field of an object, whose value is the current token. */
  public interface Field {
    void read(String name);
  }

  /** Some step on the parser. */
  private interface Step<T> {
    T take() throws IOException;
  }

  /** Stands at the first token. */
  public static JsonReader of(byte[] body, int offset, int length) {
    if (length > 1 && (wide(body[offset]) || wide(body[offset + 1]))) {
      throw Refusals.invalid("body", "must be JSON in UTF-8");
    }
    try {
      JsonReader reader = new JsonReader(FACTORY.createParser(body, offset, length));
      if (reader.next() == null) {
        throw Refusals.invalid("body", "is empty; a JSON object is needed");
      }
      return reader;
    } catch (IOException unreadable) {
      throw malformed(unreadable);
    }
  }

  /** A byte that begins or belongs to UTF-16 or UTF-32 and to no JSON in UTF-8. */
  private static boolean wide(byte b) {
    return b == 0 || b == (byte) 0xfe || b == (byte) 0xff;
  }

  public @Nullable JsonToken next() {
    return step(parser::nextToken);
  }

  public JsonToken current() {
    return parser.currentToken();
  }

  /** Passes over the array that begins here; from where to where it was, to read it later. */
  public int[] skipArray(String where) {
    require(JsonToken.START_ARRAY, where, "an array");
    int start = position() - 1;
    skip();
    return new int[] {start, position()};
  }

  private int position() {
    return (int) parser.currentLocation().getByteOffset();
  }

  /** Reads the object that begins here. */
  public void object(String where, Field field) {
    require(JsonToken.START_OBJECT, where, "an object");
    Set<String> names = new HashSet<>();
    while (next() == JsonToken.FIELD_NAME) {
      String name = step(parser::currentName);
      if (!names.add(name)) {
        throw Refusals.invalid("body", "has a name twice in one object" + place());
      }
      countName();
      next();
      field.read(name);
    }
  }

  /** Reads the array that begins here; the step reads one element, the current token. */
  public void array(String where, Runnable element) {
    require(JsonToken.START_ARRAY, where, "an array");
    while (next() != JsonToken.END_ARRAY) {
      element.run();
    }
  }

  public String string(String where) {
    require(JsonToken.VALUE_STRING, where, "a string");
    String text = step(parser::getText);
    if (!wellFormed(text)) {
      throw Refusals.invalid(where, "has half of a surrogate pair, which is no character");
    }
    return text;
  }

  /** A half pair can be written in JSON, but has no UTF-8: it would become another text. */
  private static boolean wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  public boolean bool(String where) {
    if (!parser.currentToken().isBoolean()) {
      throw mustBe(where, "true or false");
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  public long integer(String where, long least, long most) {
    require(JsonToken.VALUE_NUMBER_INT, where, "a whole number");
    JsonParser.NumberType type = step(parser::getNumberType);
    long value = type == JsonParser.NumberType.BIG_INTEGER ? 0 : step(parser::getLongValue);
    if (type == JsonParser.NumberType.BIG_INTEGER || value < least || value > most) {
      throw mustBe(where, "from " + least + " to " + most);
    }
    return value;
  }

  /** The bits of a number from 0 to 2^64 - 1. */
  public long unsigned(String where) {
    require(JsonToken.VALUE_NUMBER_INT, where, "a whole number");
    BigInteger value = step(parser::getBigIntegerValue);
    if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
      throw mustBe(where, "from 0 to 18446744073709551615");
    }
    return value.longValue();
  }

  public float real32(String where) {
    number(where);
    float value = step(parser::getFloatValue);
    if (!Float.isFinite(value)) {
      throw mustBe(where, "a number that fits 32 bits");
    }
    return value;
  }

  public double real64(String where) {
    number(where);
    double value = step(parser::getDoubleValue);
    if (!Double.isFinite(value)) {
      throw mustBe(where, "a number that fits 64 bits");
    }
    return value;
  }

  public boolean is(JsonToken token) {
    return parser.currentToken() == token;
  }

  /** Passes over the value that begins here. */
  public void skip() {
    int depth = 0;
    for (JsonToken token = current(); ; token = step(parser::nextToken)) {
      if (token == JsonToken.FIELD_NAME) {
        countName();
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      }
      if (depth == 0) {
        return;
      }
    }
  }

  /** Every new name costs the parser many times the memory that it takes in the body. */
  private void countName() {
    if (++nameCount > MOST_NAMES) {
      throw Refusals.invalid("body", "has more than " + MOST_NAMES + " names in its objects");
    }
  }

  /** Refuses anything behind the value. */
  public void end() {
    if (next() != null) {
      throw Refusals.invalid("body", "has something behind its JSON value");
    }
  }

  public RuntimeException mustBe(String where, String what) {
    return Refusals.invalid(where, "must be " + what + place());
  }

  private void number(String where) {
    if (!parser.currentToken().isNumeric()) {
      throw mustBe(where, "a number");
    }
  }

  private void require(JsonToken token, String where, String what) {
    if (parser.currentToken() != token) {
      throw mustBe(where, what);
    }
  }

  private String place() {
    var at = parser.currentTokenLocation();
    return " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  private <T> T step(Step<T> step) {
    try {
      return step.take();
    } catch (IOException unreadable) {
      throw malformed(unreadable);
    }
  }

  private static RuntimeException malformed(IOException unreadable) {
    if (unreadable instanceof StreamConstraintsException) {
      return Refusals.invalid(
          "body",
          "has JSON nested deeper than %d, a number longer than %d or a name longer than %d"
              .formatted(MAX_DEPTH, LONGEST_NUMBER, LONGEST_NAME));
    }
    String place = "";
    if (unreadable instanceof JsonParseException at && at.getLocation() != null) {
      place =
          " at line " + at.getLocation().getLineNr() + ", column " + at.getLocation().getColumnNr();
    }
    return Refusals.invalid("body", "is not valid JSON" + place);
  }
}
