// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.repository.Fingerprint;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeCacheTest {
  private static final Fingerprint ONE = new Fingerprint("1");
  private static final Fingerprint TWO = new Fingerprint("2");
  private static final ProbeLimits LIMITS = new ProbeLimits(Duration.ofMinutes(5), 64);

  private final Path stamps;
  private final Path file;

  ProbeCacheTest(@TempDir Path folder) throws IOException {
    stamps = folder.resolve("not/made/yet");
    file = Files.writeString(folder.resolve("model.onnx"), "");
  }

  private ProbeResult probe(
      String sluice, long version, Class<? extends ModelLoader> loader, Fingerprint... contents)
      throws Exception {
    ModelSpec spec =
        new ModelSpec(
            "m",
            version,
            Task.TENSOR,
            EngineKind.ONNX_RUNTIME,
            stamps,
            file,
            ModelConfig.getDefaultInstance(),
            null,
            ModelSettings.DEFAULT);
    Iterator<Fingerprint> answers = List.of(contents).iterator();
    return new ProbeCache(stamps, sluice).probe(new LoadProbe(loader, LIMITS), spec, answers::next);
  }

  /** The passing loader leaves a letter for each of its runs. */
  private long runs() throws IOException {
    return Files.size(file);
  }

  @Test
  void aPassedModelIsNotProbedAgainUntilSomethingChanges() throws Exception {
    probe("1.0", 1, TestLoaders.Passing.class, ONE, ONE);
    assertThat(runs()).isEqualTo(1);
    assertThat(probe("1.0", 1, TestLoaders.Passing.class, ONE)).isEqualTo(ProbeResult.PASSED);
    assertThat(runs()).isEqualTo(1);
    probe("1.0", 1, TestLoaders.Passing.class, TWO, TWO);
    probe("1.1", 1, TestLoaders.Passing.class, ONE, ONE);
    probe("1.0", 2, TestLoaders.Passing.class, ONE, ONE);
    assertThat(runs()).isEqualTo(4);
  }

  @Test
  void aFailureIsProbedAgain() throws Exception {
    assertThat(probe("1.0", 1, TestLoaders.Halting.class, ONE))
        .isInstanceOf(ProbeResult.Failed.class);
    assertThat(probe("1.0", 1, TestLoaders.Passing.class, ONE, ONE)).isEqualTo(ProbeResult.PASSED);
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void aModelThatChangedWhileItWasProbedIsProbedAgain() throws Exception {
    probe("1.0", 1, TestLoaders.Passing.class, ONE, TWO);
    probe("1.0", 1, TestLoaders.Passing.class, ONE, ONE);
    assertThat(runs()).isEqualTo(2);
  }

  @Test
  void aCacheThatCannotBeWrittenOnlyForgets() throws Exception {
    Files.createDirectory(file.resolveSibling("not"));
    Files.writeString(file.resolveSibling("not/made"), "a file in the way");
    assertThat(probe("1.0", 1, TestLoaders.Passing.class, ONE, ONE)).isEqualTo(ProbeResult.PASSED);
  }
}
