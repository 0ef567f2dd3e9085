// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.derive.CachedVariants;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.StandardRecipe;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.proto.v1.EmbedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model in its own precision, out of a file that was rewritten. */
final class OptimizedModelTest {
  private static final EmbedRequest TEXTS =
      Vectors.texts("water finds its way", "a sluice", "the gate of a lock opens and closes");

  @TempDir Path folder;

  /** Another order of sums shows that it is another file. */
  @Test
  void theSecondLoadIsOutOfTheRewrittenFileAndAnswersTheSame() throws Exception {
    CachedVariants maker =
        new CachedVariants(folder, Long.MAX_VALUE, StandardRecipe.class, Runnable::run);
    float[][] before = answers(maker, "true");
    float[][] after = answers(maker, "true");
    assertThat(after).isNotEqualTo(before);
    for (int row = 0; row < before.length; row++) {
      assertThat(after[row]).hasSameSizeAs(before[row]);
      for (int i = 0; i < before[row].length; i++) {
        assertThat(after[row][i]).isCloseTo(before[row][i], within(1e-5f));
      }
    }
    assertThat(answers(maker, "false")).isEqualTo(before);
  }

  @Test
  void aRewrittenFileThatCannotBeLoadedIsPassedOver() throws Exception {
    Path broken = Files.writeString(folder.resolve("model.onnx"), "no model");
    float[][] own = answers(outOf(null), "true");
    assertThat(answers(outOf(broken), "true")).isEqualTo(own);
  }

  private static float[][] answers(VariantMaker maker, String optimize) throws Exception {
    try (TestServer server =
        TestServer.start(Map.of("SLUICE_MODELS_OPTIMIZE", optimize), System::nanoTime, maker)) {
      return Vectors.of(server.embeddings().embed(TEXTS));
    }
  }

  private static VariantMaker outOf(@Nullable Path file) {
    return new VariantMaker() {
      @Override
      public ModelSpec optimized(ModelSpec model) {
        return file == null ? model : model.withFile(file, model.text());
      }

      @Override
      public List<String> offered(ModelSpec model) {
        return List.of();
      }

      @Override
      public DerivedVariant make(ModelSpec model, String variant, Progress progress) {
        throw new AssertionError("nothing is offered");
      }
    };
  }
}
