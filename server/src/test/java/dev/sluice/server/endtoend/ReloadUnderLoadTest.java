// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.ModelReadyRequest;
import dev.sluice.proto.inference.RepositoryModelLoadRequest;
import dev.sluice.proto.inference.RepositoryModelUnloadRequest;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that come, change and go while requests are under way. */
final class ReloadUnderLoadTest {
  private static final String MODEL = "all-minilm-l6-v2";

  @Test
  void noRequestFailsWhileTheModelIsLoadedAnewAgainAndAgain() throws Exception {
    try (TestServer server = TestServer.embedded();
        Load load = new Load(server.server().grpcPort(), 4, Vectors.texts("a", "b c d e f"))) {
      load.awaitUnderWay();
      for (int i = 0; i < 5; i++) {
        server.inference().repositoryModelLoad(load(MODEL));
      }
      load.stop();
      assertThat(load.failures()).isEmpty();
      assertThat(load.answered()).isGreaterThan(12);
    }
  }

  @Test
  void anUnloadedModelAnswersNoMoreAndCanBeLoadedAgain() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      server.inference().repositoryModelUnload(unload(MODEL));
      assertThat(ready(server, MODEL)).isFalse();
      assertThatThrownBy(() -> server.embeddings().embed(named("a")))
          .satisfies(
              thrown ->
                  assertThat(Status.fromThrowable(thrown).getCode())
                      .isEqualTo(Status.Code.UNAVAILABLE));
      server.inference().repositoryModelLoad(load(MODEL));
      assertThat(ready(server, MODEL)).isTrue();
      assertThat(server.embeddings().embed(named("a")).getCount()).isEqualTo(1);
    }
  }

  @Test
  void changesInTheFolderAreNoticedLoadedAndForgotten(@TempDir Path repository) throws Exception {
    try (TestServer server = TestServer.repository(repository)) {
      Path file = repository.resolve("scale.onnx");
      change(server, () -> OnnxModels.matmul(1, 1, 2).write(file), () -> ready(server, "scale"));
      assertThat(scaled(server)).isEqualTo(2f);
      change(server, () -> replace(file, 3), () -> scaled(server) == 3f);
      change(server, () -> Files.delete(file), () -> !ready(server, "scale"));
    }
  }

  @Test
  void aReloadThatFailsLeavesTheRunningVersionAlone(@TempDir Path repository) throws Exception {
    Path file = OnnxModels.matmul(1, 1, 2).write(repository.resolve("scale.onnx"));
    try (TestServer server = TestServer.repository(repository)) {
      Files.write(file, new byte[] {1, 2, 3});
      assertThatThrownBy(() -> server.inference().repositoryModelLoad(load("scale")))
          .hasMessageContaining("scale");
      assertThat(ready(server, "scale")).isTrue();
      assertThat(scaled(server)).isEqualTo(2f);
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits for the catalog to tell of a change after which the condition holds. */
  private static void change(TestServer server, Step step, Condition done) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    server
        .server()
        .onModelChange(
            () ->
                Thread.ofVirtual()
                    .start(
                        () -> {
                          try {
                            if (done.holds()) {
                              reached.countDown();
                            }
                          } catch (Exception notYet) {
                            assertThat(notYet).isNotNull();
                          }
                        }));
    step.run();
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
  }

  /** As a careful operator replaces a file: written beside, then renamed. */
  private static void replace(Path file, float factor) throws Exception {
    Path beside = OnnxModels.matmul(1, 1, factor).write(file.resolveSibling(".scale.tmp"));
    Files.move(beside, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static float scaled(TestServer server) {
    var request = Infer.on("scale");
    Infer.with(request, "x", Tensors.fp32(new long[] {1, 1}, 1));
    return Infer.floats(server.inference().modelInfer(request.build()), "y")[0];
  }

  private static boolean ready(TestServer server, String model) {
    return server
        .inference()
        .modelReady(ModelReadyRequest.newBuilder().setName(model).build())
        .getReady();
  }

  private static dev.sluice.proto.v1.EmbedRequest named(String text) {
    return Vectors.texts(text).toBuilder().setModel(MODEL).build();
  }

  private static RepositoryModelLoadRequest load(String model) {
    return RepositoryModelLoadRequest.newBuilder().setModelName(model).build();
  }

  private static RepositoryModelUnloadRequest unload(String model) {
    return RepositoryModelUnloadRequest.newBuilder().setModelName(model).build();
  }
}
