// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.engine.Packed;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.text.TokenizedText;
import dev.sluice.models.text.Truncation;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.util.Optional;

/** An embedding model that is one function; a token for each letter. */
record FakeEmbedder(Answers answers, Optional<Packed> packed) implements TextEmbedder {
  static final int MAX_TOKENS = 64;

  FakeEmbedder(Answers answers) {
    this(answers, Optional.empty());
  }

  /** All that a run may depend on. */
  interface Answers {
    float[] of(int[] ids, int row, int[][] batch);
  }

  @Override
  public ModelSpec spec() {
    Path nowhere = Path.of("nowhere");
    return new ModelSpec(
        "fake",
        1,
        Task.EMBED,
        EngineKind.ONNX_RUNTIME,
        nowhere,
        nowhere,
        ModelConfig.getDefaultInstance(),
        new TextSpec(nowhere, MAX_TOKENS, false, TextSpec.Pooling.MEAN, true, 0),
        ModelSettings.DEFAULT);
  }

  @Override
  public String variant() {
    return "fp32";
  }

  @Override
  public String device() {
    return "cpu";
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public int dimensions() {
    return 4;
  }

  @Override
  public int maxTokens() {
    return MAX_TOKENS;
  }

  @Override
  public int maxChars() {
    return MAX_TOKENS;
  }

  @Override
  public TokenizedText tokenize(String text, Truncation truncation) {
    return new TokenizedText(text.chars().limit(MAX_TOKENS).toArray(), false);
  }

  @Override
  public TokenizedText accept(int[] ids, Truncation truncation) {
    return new TokenizedText(ids, false);
  }

  @Override
  public EmbedLane newLane() {
    return new EmbedLane() {
      @Override
      public float[][] run(int[][] batch) {
        float[][] vectors = new float[batch.length][];
        for (int row = 0; row < batch.length; row++) {
          vectors[row] = answers.of(batch[row], row, batch);
        }
        return vectors;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
