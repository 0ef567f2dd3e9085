// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import dev.sluice.models.spec.TextSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tokenizer of a few words that adds nothing around a text. */
public final class TinyTokenizer {
  public static final String JSON =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "[UNK]",
                 "vocab": {"[UNK]": 0, "a": 1, "b": 2, "A": 3}}}
      """;

  private TinyTokenizer() {}

  public static TextSpec spec(Path folder, int maxTokens, boolean lowerCase) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), JSON);
    return new TextSpec(file, maxTokens, lowerCase, TextSpec.Pooling.MEAN, true, 0);
  }
}
