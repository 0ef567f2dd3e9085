// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.batching.Ticket;
import dev.sluice.models.text.Truncation;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.core.EmbedAnswer;
import dev.sluice.server.core.EmbedCall;
import dev.sluice.server.core.EmbedInput;
import dev.sluice.server.core.Inference;
import dev.sluice.server.core.ModelRef;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.shared.Refusals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code POST /v1/embeddings}, as OpenAI's clients send it. */
final class OpenAiEmbeddings implements Endpoint {
  private static final int BASE64_FACTOR = 10;

  private final Inference inference;
  private final Terms terms;
  private final int maxInputs;

  OpenAiEmbeddings(Inference inference, Terms terms, int maxInputs) {
    this.inference = inference;
    this.terms = terms;
    this.maxInputs = maxInputs;
  }

  @Override
  public Ticket handle(ApiRequest request, PathParts parts, Responder responder) {
    CallContext context = terms.context(request);
    JsonReader json = request.json();
    Body body = new Body(json);
    json.object("body", body::field);
    json.end();
    if (body.inputs.isEmpty()) {
      throw Refusals.invalid("input", "is needed: a text, texts, token ids or arrays of them");
    }
    String variant = body.variant.isEmpty() ? request.header(ApiResponse.VARIANT) : body.variant;
    boolean base64 = body.base64;
    EmbedCall call =
        new EmbedCall(
            new ModelRef(body.model, "", variant),
            body.inputs,
            body.dimensions > 0 ? Boolean.TRUE : null,
            Truncation.NONE,
            body.dimensions,
            context);
    return inference.embed(
        call, responder.reply(a -> numbers(a, base64), answer -> response(answer, base64)));
  }

  /** Base64 costs a small part of what numbers cost. */
  private static long numbers(EmbedAnswer answer, boolean base64) {
    long all = (long) answer.count() * answer.dimensions();
    return base64 ? all / BASE64_FACTOR : all;
  }

  private static ApiResponse response(EmbedAnswer answer, boolean base64) {
    int width = answer.dimensions() * Float.BYTES;
    ByteBuffer vectors = answer.vectors().slice().order(ByteOrder.LITTLE_ENDIAN);
    long size = answer.count() * (64L + (base64 ? width * 4L / 3 : width * 3L)) + 256;
    JsonWriter json = new JsonWriter((int) Math.min(size, Integer.MAX_VALUE - 8));
    json.object().name("object").string("list").name("data").array();
    for (int i = 0; i < answer.count(); i++) {
      json.object().name("object").string("embedding").name("index").number(i).name("embedding");
      int start = i * width;
      if (base64) {
        json.base64(vectors, start, start + width);
      } else {
        json.floats(vectors, start, start + width);
      }
      json.endObject();
    }
    json.endArray().name("model").string(answer.model()).name("usage").object();
    json.name("prompt_tokens").number(answer.tokens());
    json.name("total_tokens").number(answer.tokens()).endObject().endObject();
    Map<String, String> headers = Map.of(ApiResponse.VARIANT, answer.variant());
    // Base64 of floats does not shrink enough to be worth the time of an event loop.
    return new ApiResponse(200, ApiResponse.JSON, json.written(), headers, !base64);
  }

  /** What the body said so far. */
  private final class Body {
    private final JsonReader json;
    private final List<EmbedInput> inputs = new ArrayList<>();
    private String model = "";
    private String variant = "";
    private int dimensions;
    private boolean base64;

    Body(JsonReader json) {
      this.json = json;
    }

    void field(String name) {
      boolean absent = json.is(JsonToken.VALUE_NULL);
      switch (name) {
        case "input" -> input();
        case "model" -> model = json.string("model");
        case "variant" -> variant = json.string("variant");
        case "encoding_format" -> base64 = !absent && base64(json.string("encoding_format"));
        case "dimensions" ->
            dimensions = absent ? 0 : (int) json.integer("dimensions", 1, Integer.MAX_VALUE);
        case "user" -> {
          if (!absent) {
            json.string("user");
          }
        }
        // OpenAI's clients are ahead of any server: what is new to it is passed over.
        default -> json.skip();
      }
    }

    private static boolean base64(String format) {
      return switch (format) {
        case "base64" -> true;
        case "float" -> false;
        default ->
            throw Refusals.invalid(
                "encoding_format", "must be float or base64, not " + Refusals.quote(format));
      };
    }

    private void input() {
      if (json.is(JsonToken.VALUE_STRING)) {
        inputs.add(text("input"));
        return;
      }
      if (!json.is(JsonToken.START_ARRAY)) {
        throw json.mustBe("input", "a string or an array");
      }
      JsonToken first = json.next();
      if (first == JsonToken.VALUE_NUMBER_INT) {
        inputs.add(new EmbedInput.Tokens(ids("input")));
        return;
      }
      for (; !json.is(JsonToken.END_ARRAY); json.next()) {
        element(first == JsonToken.START_ARRAY);
      }
    }

    private void element(boolean tokens) {
      String where = "input[" + inputs.size() + "]";
      if (inputs.size() == maxInputs) {
        throw Refusals.tooMuch(Limit.EMBED_INPUTS, "input", "at most " + maxInputs + " are taken");
      }
      if (!tokens) {
        inputs.add(text(where));
        return;
      }
      if (!json.is(JsonToken.START_ARRAY)) {
        throw json.mustBe(where, "an array of token ids, like the one before it");
      }
      json.next();
      inputs.add(new EmbedInput.Tokens(ids(where)));
    }

    private EmbedInput text(String where) {
      String text = json.string(where);
      if (text.isEmpty()) {
        throw Refusals.invalid(where, "must not be empty");
      }
      return new EmbedInput.Text(text);
    }

    /** From the first id, or the end, to the end of the array. */
    private int[] ids(String where) {
      int[] ids = new int[16];
      int count = 0;
      for (; !json.is(JsonToken.END_ARRAY); json.next()) {
        if (count == ids.length) {
          ids = Arrays.copyOf(ids, count * 2);
        }
        ids[count++] = (int) json.integer(where, 0, Integer.MAX_VALUE);
      }
      if (count == 0) {
        throw Refusals.invalid(where, "must not be empty");
      }
      return Arrays.copyOf(ids, count);
    }
  }
}
