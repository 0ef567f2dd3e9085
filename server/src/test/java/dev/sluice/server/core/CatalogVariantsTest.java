// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.repository.Found;
import dev.sluice.models.spec.ModelSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Versions come and go whole, with all that was made of them. */
final class CatalogVariantsTest {
  private final SteppedExecutor thread = new SteppedExecutor();
  private final ModelSpec spec = FakeModels.textSpec("m", 1, true);
  private final Deployer deployer = new Deploying();
  private final ModelCatalog catalog =
      new ModelCatalog(
          new Disk(),
          deployer,
          new VariantWorkshop(new Maker(), deployer, thread, () -> 0, model -> Optional.empty()),
          Runnable::run,
          () -> "id-1");
  private final Router router = new Router(catalog::table);

  CatalogVariantsTest() {
    catalog.start().join();
  }

  private final class Disk implements ModelSource {
    @Override
    public List<Found> scan() {
      return List.of(new Found.Servable("m", List.of(spec)));
    }

    @Override
    public Optional<Found> find(String name) {
      return Optional.of(scan().get(0));
    }
  }

  private static final class Maker implements VariantMaker {
    @Override
    public List<String> offered(ModelSpec model) {
      return List.of("int8");
    }

    @Override
    public DerivedVariant make(ModelSpec model, String variant, Progress progress) {
      return new DerivedVariant(variant, model, new Fidelity(1, 1, 1, 1, 0, 1, 2, 0.3));
    }
  }

  private static final class Deploying implements Deployer {
    @Override
    public Outcome deploy(ModelSpec model) {
      return new Outcome.Serving(FakeModels.embedding(model));
    }

    @Override
    public Outcome deploy(DerivedVariant variant) {
      return new Outcome.Serving(FakeModels.embedding(variant.spec(), variant.name()));
    }

    @Override
    public CompletableFuture<Void> retire(Deployment deployment) {
      return deployment.lease().retire().thenRun(deployment::close);
    }
  }

  /** Leased. */
  private Deployment int8() {
    return router.route(new ModelRef("m", "", "int8"), true);
  }

  private Deployment int8OnceMade() {
    try {
      return int8();
    } catch (ProblemException notYet) {
      thread.run();
      return int8();
    }
  }

  private static boolean closed(Deployment deployment) {
    return ((HeldBatcher<?, ?>) deployment.batcher()).closed;
  }

  @Test
  void aReloadRetiresVariantsWhenTheirLastUserLeavesAndMakesThemAnewUnasked() {
    Deployment before = int8OnceMade();
    Deployment own = catalog.table().find("m", "").own();
    Answers<String> loaded = new Answers<>();
    catalog.load("m", loaded);
    assertThat(loaded.ok()).isEqualTo("m");
    assertThat(closed(own)).isTrue();
    assertThat(closed(before)).as("somebody is still served by it").isFalse();
    before.lease().release();
    assertThat(closed(before)).isTrue();

    thread.run();
    assertThat(int8()).isNotSameAs(before);
  }

  @Test
  void anUnloadAnswersWhenTheLastUserOfAVariantHasLeft() {
    Deployment variant = int8OnceMade();
    Answers<String> unloaded = new Answers<>();
    catalog.unload("m", unloaded);
    assertThat(unloaded.count()).isZero();
    variant.lease().release();
    assertThat(unloaded.ok()).isEqualTo("m");
    assertThat(closed(variant)).isTrue();
  }

  @Test
  void aStopWaitsForVariantsToo() {
    Deployment variant = int8OnceMade();
    CompletableFuture<Void> stopped = catalog.stop();
    assertThat(stopped).isNotDone();
    variant.lease().release();
    assertThat(stopped).isCompleted();
  }

  @Test
  void whatNobodyHadAskedForIsNotMadeByAReload() {
    catalog.load("m", new Answers<>());
    assertThat(thread.tasks).isEmpty();
  }
}
