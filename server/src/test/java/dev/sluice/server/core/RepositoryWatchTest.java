// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.repository.ModelRepository;
import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.testing.OnnxModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that change between looks; a change is taken at the second look that sees it. */
final class RepositoryWatchTest {
  @TempDir private Path temp;
  private Path root;
  private RepositorySource source;
  private ModelCatalog catalog;
  private RepositoryWatch watch;
  private final List<String> loads = new ArrayList<>();

  @BeforeEach
  void startEmpty() throws IOException {
    root = Files.createDirectory(temp.resolve("models"));
    source =
        new RepositorySource(
            List.of(new ModelRepository(root)),
            new SpecDefaults(DeviceChoice.AUTO, OptionalInt.empty(), CardMemory.all()),
            false);
    catalog =
        new ModelCatalog(
            source,
            new Counting(),
            FakeModels.idleWorkshop(new Counting()),
            Runnable::run,
            () -> "id-1");
    watch = new RepositoryWatch(source, catalog);
    catalog.start().join();
  }

  private final class Counting implements Deployer {
    @Override
    public Outcome deploy(ModelSpec spec) {
      loads.add(spec.name());
      return new Outcome.Serving(FakeModels.tensors(spec.name(), spec.version()));
    }

    @Override
    public Outcome deploy(DerivedVariant variant) {
      throw new AssertionError("nothing is offered");
    }

    @Override
    public CompletableFuture<Void> retire(Deployment deployment) {
      return deployment.lease().retire();
    }
  }

  private void look() {
    watch.run();
    watch.run();
  }

  @Test
  void whatComesIsLoadedOnceAndWhatGoesIsForgotten() throws Exception {
    Path file = OnnxModels.matmul(1, 1, 2).write(root.resolve("a.onnx"));
    watch.run();
    assertThat(loads).as("it may still be written").isEmpty();
    watch.run();
    look();
    assertThat(loads).containsExactly("a");
    assertThat(catalog.modelReady("a", "")).isTrue();
    Files.delete(file);
    look();
    assertThat(catalog.index()).isEmpty();
  }

  @Test
  void whatChangesIsLoadedAgainAndWhatDoesNotIsLeftAlone() throws Exception {
    OnnxModels.matmul(1, 1, 2).write(root.resolve("a.onnx"));
    OnnxModels.matmul(1, 1, 2).write(root.resolve("b.onnx"));
    look();
    OnnxModels.matmul(1, 2, 1, 2).write(root.resolve("b.onnx"));
    look();
    assertThat(loads).containsExactly("a", "b", "b");
  }

  @Test
  void aRepositoryThatCannotBeReadLeavesWhatServesAloneUntilItIsBack() throws Exception {
    OnnxModels.matmul(1, 1, 2).write(root.resolve("a.onnx"));
    look();
    Path away = Files.move(root, temp.resolve("away"));
    look();
    assertThat(catalog.modelReady("a", "")).isTrue();
    Files.move(away, root);
    OnnxModels.matmul(1, 1, 2).write(root.resolve("b.onnx"));
    look();
    assertThat(catalog.modelReady("b", "")).isTrue();
    assertThat(loads).contains("a", "b");
  }

  @Test
  void aRepositoryThatCannotBeReadAtTheStartIsSaidSo() throws Exception {
    Files.delete(root);
    assertThatThrownBy(() -> new RepositoryWatch(source, catalog))
        .isInstanceOf(UncheckedIOException.class);
  }
}
