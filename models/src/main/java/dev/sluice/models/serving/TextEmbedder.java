// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.TokenizedText;
import dev.sluice.models.text.Truncation;
import java.util.Optional;

/** An embedding model. {@link #tokenize} and {@link #accept} are safe for any number of threads. */
public non-sealed interface TextEmbedder extends LoadedModel {
  /** Components of a full vector. */
  int dimensions();

  /** The longest input in tokens, special tokens included. */
  int maxTokens();

  /**
   * The longest text in characters that is worth tokenizing. What is longer is cut to it unread, or
   * refused where no truncation is allowed.
   */
  int maxChars();

  /** Where batches are packed and cost their tokens alone; empty where they are padded. */
  default Optional<Packed> packed() {
    return Optional.empty();
  }

  TokenizedText tokenize(String text, Truncation truncation) throws TextTooLongException;

  /**
   * Checks token ids that a client brought.
   *
   * @throws IllegalArgumentException naming the first id that the model does not have
   */
  TokenizedText accept(int[] ids, Truncation truncation) throws TextTooLongException;

  /** A runner for one thread. */
  EmbedLane newLane();

  /**
   * Runs one text on the lane that is known to work. Called on the lane's thread.
   *
   * @throws EngineException when the lane cannot run even that
   */
  default void check(EmbedLane lane) throws EngineException {}

  /** Runs batches of token ids of any lengths. */
  interface EmbedLane extends AutoCloseable {
    /** One pooled vector per input, full length, not normalised. */
    float[][] run(int[][] batch) throws Exception;

    @Override
    void close();
  }
}
