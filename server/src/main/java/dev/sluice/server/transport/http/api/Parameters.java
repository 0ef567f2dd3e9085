// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.proto.inference.InferParameter;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.shared.Refusals;
import java.util.function.BiConsumer;

/** Reads an object of parameters: texts, truth values and numbers. */
final class Parameters {
  private Parameters() {}

  static void read(JsonReader json, String where, BiConsumer<String, InferParameter> into) {
    json.object(
        where, name -> into.accept(name, value(json, where + "[" + Refusals.quote(name) + "]")));
  }

  private static InferParameter value(JsonReader json, String where) {
    InferParameter.Builder value = InferParameter.newBuilder();
    return switch (json.current()) {
      case VALUE_STRING -> value.setStringParam(json.string(where)).build();
      case VALUE_TRUE, VALUE_FALSE -> value.setBoolParam(json.bool(where)).build();
      case VALUE_NUMBER_INT ->
          value.setInt64Param(json.integer(where, Long.MIN_VALUE, Long.MAX_VALUE)).build();
      case VALUE_NUMBER_FLOAT -> value.setDoubleParam(json.real64(where)).build();
      default -> throw json.mustBe(where, "a string, a number, true or false");
    };
  }
}
