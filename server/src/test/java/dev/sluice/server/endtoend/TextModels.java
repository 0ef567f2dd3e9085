// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.spec.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Folders of sentence-transformers, with the graph and the tokenizer of the embedded model. */
final class TextModels {
  /** The longest text that they take. */
  static final int MAX_TOKENS = 512;

  private TextModels() {}

  /**
   * @param pooling the configuration of that module
   */
  static Path write(Path repository, String name, String pooling) throws Exception {
    ModelSpec embedded = EmbeddedModel.allMiniLmL6V2(TestServer.CACHE);
    Path model = repository.resolve(name);
    Files.createDirectories(model.resolve("onnx"));
    Files.copy(embedded.file(), model.resolve("onnx/model.onnx"));
    Files.copy(
        Objects.requireNonNull(embedded.text()).tokenizer(), model.resolve("tokenizer.json"));
    Files.writeString(
        model.resolve("config.json"),
        "{\"model_type\": \"bert\", \"max_position_embeddings\": %d, \"pad_token_id\": 0}"
            .formatted(MAX_TOKENS));
    Files.writeString(
        model.resolve("modules.json"),
        """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        """);
    Files.createDirectories(model.resolve("1_Pooling"));
    Files.writeString(model.resolve("1_Pooling/config.json"), pooling);
    return model;
  }
}
