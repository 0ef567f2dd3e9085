// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.rewrite.TestEncoder.Size;
import dev.sluice.models.rewrite.TestEncoder.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small encoder that the engine for cards takes, in the layout of Hugging Face, with a token for
 * each character: letters in lower case, digits, blanks. At most {@value #MAX_TOKENS} of them; mean
 * pooling.
 */
public final class CardModels {
  public static final int MAX_TOKENS = 20;
  private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789 ";

  private CardModels() {}

  /** The whole folder, which is made. */
  public static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(
        folder.resolve("model.onnx"), TestEncoder.build(Style.BERT, Size.FOR_CARDS).toByteArray());
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    Files.writeString(
        folder.resolve("config.json"),
        "{\"model_type\": \"bert\", \"max_position_embeddings\": %d, \"pad_token_id\": 0}"
            .formatted(MAX_TOKENS));
    Files.writeString(
        folder.resolve("sentence_bert_config.json"),
        "{\"max_seq_length\": %d, \"do_lower_case\": true}".formatted(MAX_TOKENS));
    return folder;
  }

  private static String tokenizer() {
    StringBuilder vocabulary = new StringBuilder("\"[UNK]\": 0");
    for (int i = 0; i < CHARACTERS.length(); i++) {
      vocabulary.append(", \"").append(CHARACTERS.charAt(i)).append("\": ").append(i + 1);
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
