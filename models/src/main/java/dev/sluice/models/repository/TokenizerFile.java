// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a look at {@code tokenizer.json} tells: that it is whole, and which ids its added tokens and
 * its padding have. The vocabulary is passed over, not kept.
 *
 * @param path the real path
 */
record TokenizerFile(Path path, Map<String, Integer> addedTokens, OptionalInt padId) {
  static final String NAME = "tokenizer.json";
  private static final long MAX_BYTES = 64L << 20;
  private static final int MAX_ADDED = 100_000;
  private static final JsonFactory FACTORY = JsonFile.factory().setCodec(new ObjectMapper());

  static TokenizerFile read(ModelFolder folder, String relative) throws RefusedException {
    if (!folder.has(relative)) {
      throw new RefusedException(
          relative
              + " is missing; in Python, AutoTokenizer.from_pretrained(\"the model\","
              + " use_fast=True).save_pretrained(\"this folder\") writes it");
    }
    Path file = folder.file(relative);
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = FACTORY.createParser(in)) {
      if (Files.size(file) > MAX_BYTES) {
        throw new RefusedException(relative + " is larger than " + MAX_BYTES + " bytes");
      }
      return parse(file, relative, parser);
    } catch (JsonProcessingException e) {
      throw new RefusedException(JsonFile.problem(relative, e));
    } catch (IOException e) {
      throw new RefusedException(relative + " cannot be read");
    }
  }

  private static TokenizerFile parse(Path file, String relative, JsonParser parser)
      throws IOException, RefusedException {
    Map<String, Integer> added = new HashMap<>();
    OptionalInt padId = OptionalInt.empty();
    boolean model = false;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new RefusedException(relative + " must hold a JSON object");
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      switch (key) {
        case "added_tokens" -> addedTokens(parser, value, added);
        case "padding" -> padId = id(parser.<JsonNode>readValueAsTree().path("pad_id"));
        default -> {
          model |= key.equals("model") && value == JsonToken.START_OBJECT;
          parser.skipChildren();
        }
      }
    }
    if (!model) {
      throw new RefusedException(relative + " has no model; it is not a fast tokenizer's file");
    }
    return new TokenizerFile(file, added, padId);
  }

  private static void addedTokens(JsonParser parser, JsonToken first, Map<String, Integer> added)
      throws IOException {
    if (first != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonNode token = parser.readValueAsTree();
      OptionalInt id = id(token.path("id"));
      if (id.isPresent() && added.size() < MAX_ADDED) {
        added.put(token.path("content").asText(), id.getAsInt());
      }
    }
  }

  private static OptionalInt id(JsonNode node) {
    return node.canConvertToInt() && node.isIntegralNumber() && node.intValue() >= 0
        ? OptionalInt.of(node.intValue())
        : OptionalInt.empty();
  }
}
