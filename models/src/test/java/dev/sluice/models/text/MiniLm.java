// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec;
import java.nio.file.Path;
import java.util.Objects;

/** The embedded model, unpacked once for all tests. */
public final class MiniLm {
  private static final Path CACHE = Path.of("target", "test-cache");

  private MiniLm() {}

  public static ModelSpec spec() throws EngineException {
    return EmbeddedModel.allMiniLmL6V2(CACHE);
  }

  static Path tokenizerFile() throws EngineException {
    return Objects.requireNonNull(spec().text()).tokenizer();
  }

  static Tokenizer tokenizer(int maxTokens) throws EngineException {
    return Tokenizer.load(
        new TextSpec(tokenizerFile(), maxTokens, false, TextSpec.Pooling.MEAN, true, 0));
  }
}
