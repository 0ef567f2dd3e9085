// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code tokenizer.json}, read once and found to be one before native code gets to see it.
 *
 * @param json the whole file
 * @param vocabulary the highest token id in it, plus one
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record TokenizerFile(byte[] json, int vocabulary) {
  /** The largest published ones are about 35 MB. */
  private static final long MAX_BYTES = 256L << 20;

  private static final Set<String> STEPS = Set.of("normalizer", "pre_tokenizer", "post_processor");

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build());

  static TokenizerFile read(Path path) throws EngineException {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw bad(path, "larger than " + (MAX_BYTES >> 20) + " MiB");
      }
      byte[] json = Files.readAllBytes(path);
      return new TokenizerFile(json, vocabulary(path, json));
    } catch (NoSuchFileException e) {
      throw new EngineException("there is no tokenizer file " + path, e);
    } catch (JsonProcessingException e) {
      throw bad(path, "not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EngineException("the tokenizer file " + path + " cannot be read: " + e, e);
    }
  }

  private static int vocabulary(Path path, byte[] json) throws IOException, EngineException {
    long highest = -1;
    boolean model = false;
    try (JsonParser parser = JSON.getFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw bad(path, "not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("model") && value == JsonToken.START_OBJECT) {
          model = true;
          highest = Math.max(highest, highestInModel(path, parser));
        } else if (field.equals("added_tokens") && value == JsonToken.START_ARRAY) {
          highest = Math.max(highest, highestInAddedTokens(parser));
        } else if (STEPS.contains(field)) {
          refuseHazards(path, JSON.readTree(parser));
        } else {
          parser.skipChildren();
        }
      }
    }
    if (!model || highest < 0) {
      throw unusable(path, "it has no model with a vocabulary");
    }
    if (highest >= Integer.MAX_VALUE) {
      throw unusable(path, "it has the token id " + highest + ", which no model has");
    }
    return (int) highest + 1;
  }

  private static void refuseHazards(Path path, JsonNode step) throws EngineException {
    Optional<String> hazard = TokenizerHazards.find(step);
    if (hazard.isPresent()) {
      throw unusable(path, hazard.get());
    }
  }

  private static long highestInModel(Path path, JsonParser parser)
      throws IOException, EngineException {
    long highest = -1;
    TokenizerMerges merges = new TokenizerMerges();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("merges") && value == JsonToken.START_ARRAY) {
        merges.read(parser);
      } else if (field.equals("continuing_subword_prefix") && value == JsonToken.VALUE_STRING) {
        merges.prefix(parser.getText());
      } else if (!field.equals("vocab")) {
        parser.skipChildren();
      } else if (value == JsonToken.START_OBJECT) {
        highest = highestValue(parser);
      } else if (value == JsonToken.START_ARRAY) {
        highest = elements(parser) - 1;
      }
    }
    Optional<String> hazard = merges.hazard();
    if (hazard.isPresent()) {
      throw unusable(path, hazard.get());
    }
    return highest;
  }

  /** WordPiece, WordLevel and BPE: each token with its id. */
  private static long highestValue(JsonParser parser) throws IOException {
    long highest = -1;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      parser.nextToken();
      highest = Math.max(highest, parser.getLongValue());
    }
    return highest;
  }

  /** Unigram: tokens with their scores, an id being the place in the list. */
  private static long elements(JsonParser parser) throws IOException {
    long count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      parser.skipChildren();
      count++;
    }
    return count;
  }

  private static long highestInAddedTokens(JsonParser parser) throws IOException {
    long highest = -1;
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("id")) {
          highest = Math.max(highest, parser.getLongValue());
        } else {
          parser.skipChildren();
        }
      }
    }
    return highest;
  }

  private static EngineException bad(Path path, String what) {
    return unusable(path, "it is " + what);
  }

  private static EngineException unusable(Path path, String reason) {
    return new EngineException(path + " is no usable tokenizer.json: " + reason);
  }
}
