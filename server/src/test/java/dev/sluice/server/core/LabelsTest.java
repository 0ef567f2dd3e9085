// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.testing.Specs;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LabelsTest {
  @TempDir private Path root;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(root.resolve("model"));
    Files.writeString(root.resolve("secret.txt"), "secret\n");
    Files.writeString(folder.resolve("labels.txt"), "cat\ndog\n");
    Files.createSymbolicLink(folder.resolve("link.txt"), root.resolve("secret.txt"));
    Files.write(folder.resolve("latin.txt"), new byte[] {(byte) 0xe9, '\n'});
  }

  private ModelSpec spec(String file) {
    return Specs.of(
        folder.resolve("model.onnx"),
        ModelConfig.newBuilder()
            .addOutput(ModelOutput.newBuilder().setName("y").setLabelFilename(file))
            .addOutput(ModelOutput.newBuilder().setName("z"))
            .build());
  }

  @Test
  void oneLabelPerLineForTheOutputsThatHaveAFile() throws EngineException {
    assertThat(Labels.of(spec("labels.txt"))).hasSize(1);
    assertThat(Labels.of(spec("labels.txt")).get("y")).containsExactly("cat", "dog");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret.txt", "link.txt", "/etc/passwd", ".", "latin.txt", "none", "\0"})
  void whatIsNoTextFileOfTheModelItselfIsRefused(String file) {
    assertThatThrownBy(() -> Labels.of(spec(file)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("label file")
        .hasMessageNotContaining(root.toString());
  }
}
