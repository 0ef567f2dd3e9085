// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.child.SpecJson;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every probe here is a real child process. */
class LoadProbeTest {
  private static final ProbeLimits PATIENT = new ProbeLimits(Duration.ofMinutes(5), 64);
  private static final ProbeLimits IMPATIENT = new ProbeLimits(Duration.ofMillis(1500), 64);

  private final ModelSpec spec;

  LoadProbeTest(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("model \"1\".onnx"), "");
    ModelConfig config = ModelConfig.newBuilder().setMaxBatchSize(8).build();
    spec =
        new ModelSpec(
            "m",
            3,
            Task.TENSOR,
            EngineKind.ONNX_RUNTIME,
            folder,
            file,
            config,
            null,
            ModelSettings.DEFAULT);
  }

  private ProbeResult probe(Class<? extends ModelLoader> loader) throws InterruptedException {
    return new LoadProbe(loader, PATIENT).probe(spec);
  }

  private String reason(Class<? extends ModelLoader> loader) throws InterruptedException {
    return probe(loader) instanceof ProbeResult.Failed failed ? failed.reason() : "passed";
  }

  @Test
  void aModelThatLoadsPasses() throws Exception {
    assertThat(probe(TestLoaders.Passing.class)).isEqualTo(ProbeResult.PASSED);
    assertThat(Files.readString(spec.file())).isEqualTo("x");
  }

  @Test
  void theChildSeesTheWholeSpecAndNoTelemetry() throws Exception {
    assertThat(reason(TestLoaders.Echoing.class))
        .isEqualTo((spec + " ORT_DISABLE_TELEMETRY=1").replaceAll("\\p{Cntrl}+", " "));
  }

  @Test
  void aLoaderThatThrowsFailsInOneLine() throws Exception {
    assertThat(reason(TestLoaders.Throwing.class)).isEqualTo("loading failed: no such operator");
  }

  @Test
  void anExitCodeOfASignalReadsAsACrash() throws Exception {
    assertThat(reason(TestLoaders.Halting.class))
        .isEqualTo("the engine crashed while loading this model (signal 11)");
  }

  @Test
  void aNativeCrashIsAFailureAndNothingMore() throws Exception {
    assertThat(reason(TestLoaders.Crashing.class))
        .isEqualTo("the engine crashed while loading this model (signal 11)");
  }

  @Test
  void aCrashWhileTheModelIsFreedIsAFailureToo() throws Exception {
    assertThat(reason(TestLoaders.CrashingOnClose.class)).contains("crashed");
  }

  @Test
  void aSilentEndIsAFailureThatQuotesTheLastLine() throws Exception {
    assertThat(reason(TestLoaders.Exiting.class))
        .contains("ended with code 7 and said: the library gave up");
  }

  @Test
  void aModelThatHangsIsEnded() throws Exception {
    ProbeResult result = new LoadProbe(TestLoaders.Hanging.class, IMPATIENT).probe(spec);
    assertThat(result)
        .isEqualTo(new ProbeResult.Failed("loading this model did not end within 1.5 s"));
    assertThat(ProcessHandle.current().descendants()).noneMatch(LoadProbeTest::isProbe);
  }

  @Test
  void aStopEndsTheProbesThatRunAndAllThatWouldFollow() throws Exception {
    LoadProbe probe = new LoadProbe(TestLoaders.Announcing.class, PATIENT);
    CompletableFuture<ProbeResult> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return probe.probe(spec);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    try (WatchService watch = spec.directory().getFileSystem().newWatchService()) {
      var unused = spec.directory().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      if (!Files.exists(spec.directory().resolve("loading"))) {
        assertThat(watch.poll(60, TimeUnit.SECONDS)).isNotNull();
      }
    }
    probe.stop();
    ProbeResult stopped =
        new ProbeResult.Failed("the server stopped while this model was being tried");
    assertThat(running.get(60, TimeUnit.SECONDS)).isEqualTo(stopped);
    assertThat(probe.probe(spec)).isEqualTo(stopped);
  }

  @Test
  void aChildWhoseParentIsGoneEnds() throws Exception {
    Path json = Files.write(spec.directory().resolve("spec.json"), SpecJson.write(spec));
    Process child =
        ProbeCommand.build(TestLoaders.Hanging.class.getName(), spec.directory(), json, PATIENT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      child.getOutputStream().close();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void anErrorOfALoaderIsAReasonToo() throws Exception {
    assertThat(reason(TestLoaders.Asserting.class))
        .isEqualTo("loading failed: no library for this machine");
  }

  @Test
  void aModelThatNeedsTooMuchHeapFails() throws Exception {
    assertThat(reason(TestLoaders.Greedy.class))
        .isEqualTo("loading this model needs more than 64 MB of Java heap");
  }

  @Test
  void megabytesOfOutputDoNotHideTheVerdict() throws Exception {
    assertThat(probe(TestLoaders.Noisy.class)).isEqualTo(ProbeResult.PASSED);
  }

  @Test
  void aLimitOfNothingIsRefused() {
    assertThatThrownBy(() -> new ProbeLimits(Duration.ZERO, 64))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean isProbe(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("ProbeMain");
  }
}
