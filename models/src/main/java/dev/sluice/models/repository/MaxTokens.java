// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Finds the longest input of a text model in its files. */
final class MaxTokens {
  /** Where the library states it, newest name first. */
  private static final List<String> STATED =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  /** Their positions begin after the padding's, so that many of the table are never used. */
  private static final Set<String> OFFSET_MODELS =
      Set.of("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "longformer");

  /** Tokenizers without a limit state 1e30. */
  private static final double ENDLESS = 1e9;

  private MaxTokens() {}

  /**
   * What the library's file states, else the tokenizer's limit, and never more than the model has
   * positions.
   */
  static int of(
      ModelFolder folder, String prefix, JsonNode config, JsonNode tokenizerConfig, int padId)
      throws RefusedException {
    OptionalInt stated = OptionalInt.empty();
    for (String file : STATED) {
      if (stated.isEmpty() && folder.has(prefix + file)) {
        stated = number(JsonFile.object(folder, prefix + file), "max_seq_length", prefix + file);
      }
    }
    if (stated.isEmpty()) {
      stated = number(tokenizerConfig, "model_max_length", prefix + "tokenizer_config.json");
    }
    OptionalInt positions = positions(config, prefix, padId);
    if (stated.isEmpty() && positions.isEmpty()) {
      throw new RefusedException(
          "no file says how long an input may be; set max_tokens in model.yaml");
    }
    return Math.min(stated.orElse(Integer.MAX_VALUE), positions.orElse(Integer.MAX_VALUE));
  }

  private static OptionalInt positions(JsonNode config, String prefix, int padId)
      throws RefusedException {
    String file = prefix + "config.json";
    OptionalInt table = number(config, "max_position_embeddings", file);
    if (table.isEmpty() || !OFFSET_MODELS.contains(config.path("model_type").asText())) {
      return table;
    }
    int usable = table.getAsInt() - padId - 1;
    if (usable < 1) {
      throw new RefusedException(
          file + ": pad_token_id " + padId + " leaves no positions of max_position_embeddings");
    }
    return OptionalInt.of(usable);
  }

  private static OptionalInt number(JsonNode config, String key, String file)
      throws RefusedException {
    JsonNode value = config.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return OptionalInt.empty();
    }
    if (value.isNumber() && value.doubleValue() >= ENDLESS) {
      return OptionalInt.empty();
    }
    if (!value.isNumber()
        || value.doubleValue() < 1
        || value.doubleValue() != Math.rint(value.doubleValue())) {
      throw new RefusedException(file + ": " + key + " must be a whole number, at least 1");
    }
    return OptionalInt.of(value.intValue());
  }
}
