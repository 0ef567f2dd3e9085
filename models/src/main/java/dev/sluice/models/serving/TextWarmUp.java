// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.TokenizedText;
import dev.sluice.models.text.Tokenizer;
import dev.sluice.models.text.Truncation;
import dev.sluice.models.text.Vectors;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first runs of a text model: they grow the engine's memory, and show before any client does
 * whether the model takes the longest text and the highest token id.
 */
final class TextWarmUp {
  private static final Logger log = LoggerFactory.getLogger(TextWarmUp.class);
  private static final String TEXT = "The quick brown fox jumps over the lazy dog.";

  /** Enough to see a position table that is too short, bearable for a large model on a CPU. */
  private static final int LONGEST = 1024;

  /** The longest row of the batch. */
  static final int BATCH_TOKENS = 64;

  private static final int BATCH_ROWS_ON_CPU = 8;

  /** Below this the same text alone and in a batch is not the same vector. */
  private static final double SAME = 0.9999;

  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final int rows;
  private final boolean cpu;

  TextWarmUp(Tokenizer tokenizer, int maxTokens, int maxBatch, String device) {
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.cpu = device.equals("cpu");
    this.rows = cpu ? Math.min(maxBatch, BATCH_ROWS_ON_CPU) : maxBatch;
  }

  /** Runs and returns how many components a vector has. */
  int run(TextEmbedder.EmbedLane lane) throws EngineException {
    int[] text = text();
    float[] alone = run(lane, "one text", text)[0];
    int longest = Math.min(maxTokens, LONGEST);
    run(lane, "a text of " + longest + " tokens", repeated(text, longest));
    int[][] batch = new int[rows][];
    Arrays.setAll(batch, row -> repeated(text, Math.min(maxTokens, 1 + row * BATCH_TOKENS / rows)));
    batch[0] = text;
    batch[rows - 1] = rows > 1 ? repeated(text, Math.min(maxTokens, BATCH_TOKENS)) : text;
    float[] together = run(lane, "a batch of " + rows, batch)[0];
    double cosine = Vectors.cosine(alone, together);
    if (cosine < SAME) {
      log.warn("the vector of a text depends on its batch: cosine {} to that alone", cosine);
    }
    if (cpu) { // an id out of range breaks a GPU context for good
      int highest = tokenizer.vocabulary() - 1;
      run(lane, "the token id " + highest, new int[] {highest});
    }
    return alone.length;
  }

  /** Runs one text that is known to work. */
  void check(TextEmbedder.EmbedLane lane) throws EngineException {
    run(lane, "one text", text());
  }

  private int[] text() throws EngineException {
    try {
      TokenizedText text = tokenizer.tokenize(TEXT, Truncation.END);
      return text.ids();
    } catch (TextTooLongException | RuntimeException e) {
      throw new EngineException("the tokenizer fails on plain text: " + e.getMessage(), e);
    }
  }

  private static int[] repeated(int[] ids, int length) {
    int[] row = new int[length];
    Arrays.setAll(row, i -> ids[i % ids.length]);
    return row;
  }

  private static float[][] run(TextEmbedder.EmbedLane lane, String what, int[]... batch)
      throws EngineException {
    try {
      return lane.run(batch);
    } catch (Exception e) {
      throw new EngineException("the first run on " + what + " failed: " + e.getMessage(), e);
    }
  }
}
