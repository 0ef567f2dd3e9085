// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.embedded;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.util.List;

/** Models whose weights come with the program. */
public final class EmbeddedModel {
  private static final Resource MINILM_WEIGHTS =
      Resource.onClassPath(
          "all-minilm-l6-v2.onnx",
          90_387_606,
          "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e");
  private static final Resource MINILM_TOKENIZER =
      Resource.onClassPath(
          "all-minilm-l6-v2-tokenizer.json",
          711_661,
          "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0");

  private static final int MINILM_MAX_TOKENS = 256;
  private static final int MINILM_PAD_ID = 0;
  private static final int SHA256_PREFIX = 16;

  /** What it is served as. */
  public static final String NAME = "all-minilm-l6-v2";

  private EmbeddedModel() {}

  /**
   * The sentence-transformers model all-MiniLM-L6-v2. Unpacks it below the cache directory the
   * first time; after that it only looks whether the files are there in full size.
   *
   * @throws EngineException when the weights are not on the class path, or the directory cannot be
   *     written
   */
  public static ModelSpec allMiniLmL6V2(Path cacheDirectory) throws EngineException {
    Path folder =
        cacheDirectory
            .resolve("embedded")
            .resolve(MINILM_WEIGHTS.sha256().substring(0, SHA256_PREFIX));
    new ResourceCache(folder).provide(List.of(MINILM_WEIGHTS, MINILM_TOKENIZER));

    return new ModelSpec(
        NAME,
        1,
        Task.EMBED,
        EngineKind.ONNX_RUNTIME,
        folder,
        folder.resolve(MINILM_WEIGHTS.name()),
        ModelConfig.newBuilder().setName(NAME).build(),
        new TextSpec(
            folder.resolve(MINILM_TOKENIZER.name()),
            MINILM_MAX_TOKENS,
            false,
            TextSpec.Pooling.MEAN,
            true,
            MINILM_PAD_ID),
        ModelSettings.DEFAULT);
  }
}
