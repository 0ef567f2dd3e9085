// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.testing;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A small text model in the layout of Hugging Face, with a token for each character. */
public final class TextModels {
  private static final int FIRST = ' ';
  private static final int LAST = '~';
  private static final int SIZE = 16;
  private static final int WIDE = 64;

  private TextModels() {}

  /** Two layers of weights between an embedding table and {@code last_hidden_state}. */
  public static OnnxBuilder encoder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int vocabulary = LAST - FIRST + 2;
    return new OnnxBuilder()
        .input("input_ids", DType.INT64, -1, -1)
        .input("attention_mask", DType.INT64, -1, -1)
        .output("last_hidden_state", DType.FP32, -1, -1, SIZE)
        .constant("table", weights(random, vocabulary, SIZE))
        .constant("up", weights(random, SIZE, WIDE))
        .constant("down", weights(random, WIDE, SIZE))
        .node("Gather", List.of("table", "input_ids"), List.of("embedded"))
        .node("MatMul", List.of("embedded", "up"), List.of("wide"))
        .node("Relu", List.of("wide"), List.of("positive"))
        .node("MatMul", List.of("positive", "down"), List.of("narrow"))
        .node("Add", List.of("narrow", "embedded"), List.of("last_hidden_state"));
  }

  /** The whole folder; mean pooling, at most 64 tokens, lower case. */
  public static Path write(Path folder, long seed) {
    encoder(seed).write(folder.resolve("model.onnx"));
    try {
      Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
      Files.writeString(
          folder.resolve("config.json"),
          "{\"model_type\": \"bert\", \"max_position_embeddings\": 64, \"pad_token_id\": 0}");
      Files.writeString(
          folder.resolve("sentence_bert_config.json"),
          "{\"max_seq_length\": 64, \"do_lower_case\": true}");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tensor weights(SplittableRandom random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(rows));
    }
    return Tensors.fp32(new long[] {rows, columns}, values);
  }

  private static String tokenizer() {
    StringBuilder vocabulary = new StringBuilder("\"[UNK]\": 0");
    for (int c = FIRST; c <= LAST; c++) {
      String escaped = c == '"' || c == '\\' ? "\\" + (char) c : String.valueOf((char) c);
      vocabulary.append(", \"").append(escaped).append("\": ").append(c - FIRST + 1);
    }
    return """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null,
         "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated",
                           "invert": false},
         "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {%s}}}
        """
        .formatted(vocabulary);
  }
}
