// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedModelTest {
  @Test
  void miniLmIsUnpackedBelowTheCacheAndReused(@TempDir Path cache) throws Exception {
    ModelSpec spec = EmbeddedModel.allMiniLmL6V2(cache);
    assertThat(spec.name()).isEqualTo("all-minilm-l6-v2");
    assertThat(spec.version()).isEqualTo(1);
    assertThat(spec.task()).isEqualTo(Task.EMBED);
    assertThat(spec.engine()).isEqualTo(EngineKind.ONNX_RUNTIME);
    assertThat(spec.directory()).isEqualTo(cache.resolve("embedded/759c3cd2b7fe7e93"));
    assertThat(spec.file()).hasSize(90_387_606).hasParent(spec.directory());
    assertThat(spec.text())
        .isEqualTo(
            new TextSpec(
                spec.directory().resolve("all-minilm-l6-v2-tokenizer.json"),
                256,
                false,
                TextSpec.Pooling.MEAN,
                true,
                0));

    FileTime written = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(spec.file(), written);
    assertThat(EmbeddedModel.allMiniLmL6V2(cache)).isEqualTo(spec);
    assertThat(Files.getLastModifiedTime(spec.file())).isEqualTo(written);
  }
}
