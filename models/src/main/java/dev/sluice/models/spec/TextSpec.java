// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.nio.file.Path;

/**
 * How a text becomes one vector.
 *
 * @param tokenizer the {@code tokenizer.json}
 * @param maxTokens the longest input, special tokens included
 * @param lowerCase whether texts are lower-cased before the tokenizer sees them
 * @param pooling how the token vectors become one
 * @param normalize whether the model's own files ask for vectors of length 1
 * @param padId the token id that fills a short row
 */
public record TextSpec(
    Path tokenizer,
    int maxTokens,
    boolean lowerCase,
    Pooling pooling,
    boolean normalize,
    int padId) {

  /** The same with another pooling. */
  public TextSpec withPooling(Pooling other) {
    return new TextSpec(tokenizer, maxTokens, lowerCase, other, normalize, padId);
  }

  public enum Pooling {
    MEAN,
    CLS,
    LAST_TOKEN,
    /** The graph gives one vector per text already. */
    NONE
  }
}
