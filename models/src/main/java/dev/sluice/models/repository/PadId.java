// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.fasterxml.jackson.databind.JsonNode;

/** Finds the id of the token that fills short rows. */
final class PadId {
  private PadId() {}

  /**
   * The configuration's own, else that of the tokenizer's pad token, else that of its padding, else
   * 0: padding is masked, so the id matters only in that the model must have it.
   */
  static int of(JsonNode config, JsonNode tokenizerConfig, TokenizerFile tokenizer)
      throws RefusedException {
    JsonNode stated = config.path("pad_token_id");
    if (stated.isNumber()) {
      if (!stated.isIntegralNumber() || !stated.canConvertToInt() || stated.intValue() < 0) {
        throw new RefusedException("config.json: pad_token_id must be a token id, 0 or more");
      }
      return stated.intValue();
    }
    JsonNode token = tokenizerConfig.path("pad_token");
    Integer id =
        tokenizer
            .addedTokens()
            .get(token.isObject() ? token.path("content").asText() : token.asText());
    return id != null ? id : tokenizer.padId().orElse(0);
  }
}
