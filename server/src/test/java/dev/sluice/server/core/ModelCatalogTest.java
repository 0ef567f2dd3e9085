// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.repository.Found;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.server.core.ModelStatus.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The life of models, step by step: the loader's tasks run when the test says so. */
final class ModelCatalogTest {
  private final Map<String, Found> disk = new TreeMap<>();
  private final Map<String, String> broken = new HashMap<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<Deployment> deployed = new ArrayList<>();
  private Runnable onDeploy = () -> {};
  private final ModelCatalog catalog =
      new ModelCatalog(
          new Disk(),
          new Scripted(),
          FakeModels.idleWorkshop(new Scripted()),
          tasks::add,
          () -> "id-1");

  private final class Disk implements ModelSource {
    @Override
    public List<Found> scan() {
      return List.copyOf(disk.values());
    }

    @Override
    public Optional<Found> find(String name) {
      if (name.equals("explosive")) {
        throw new OutOfMemoryError("made up");
      }
      return Optional.ofNullable(disk.get(name));
    }
  }

  private final class Scripted implements Deployer {
    @Override
    public Outcome deploy(ModelSpec spec) {
      String reason = broken.get(spec.name() + spec.version());
      if (reason != null) {
        return new Outcome.Failed(reason);
      }
      onDeploy.run();
      Deployment deployment = FakeModels.embedding(spec);
      deployed.add(deployment);
      return new Outcome.Serving(deployment);
    }

    @Override
    public Outcome deploy(DerivedVariant variant) {
      throw new AssertionError("nothing is offered");
    }

    @Override
    public CompletableFuture<Void> retire(Deployment deployment) {
      return deployment.lease().retire().thenRun(deployment::close);
    }
  }

  private void put(String name, long... versions) {
    List<ModelSpec> specs = new ArrayList<>();
    for (long version : versions) {
      specs.add(FakeModels.textSpec(name, version, true));
    }
    disk.put(name, new Found.Servable(name, specs));
  }

  private void run() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @CanIgnoreReturnValue
  private CompletableFuture<Void> start() {
    CompletableFuture<Void> started = catalog.start();
    run();
    return started;
  }

  private Answers<String> load(String name) {
    Answers<String> answers = new Answers<>();
    catalog.load(name, answers);
    run();
    return answers;
  }

  private Answers<String> unload(String name) {
    Answers<String> answers = new Answers<>();
    catalog.unload(name, answers);
    run();
    return answers;
  }

  private List<String> index() {
    return catalog.index().stream()
        .map(s -> "%s %s %s %s".formatted(s.name(), s.version(), s.state(), s.reason()).strip())
        .toList();
  }

  private boolean closed(int index) {
    return ((HeldBatcher<?, ?>) deployed.get(index).batcher()).closed;
  }

  @Test
  void isReadyOnceEverythingOfTheStartHasHadItsTurn() {
    put("a", 1);
    disk.put("b", new Found.Refused("b", "no good: /srv/models/b/model.onnx"));
    assertThat(catalog.start()).isNotDone();
    assertThat(catalog.ready()).isFalse();
    run();
    assertThat(catalog.ready()).isTrue();
    assertThat(index()).containsExactly("a 1 READY", "b  UNAVAILABLE no good: model.onnx");
    assertThat(catalog.modelReady("a", "")).isTrue();
    assertThat(catalog.modelReady("b", "")).isFalse();
  }

  @Test
  void aServerWhoseEveryModelFailsIsNotReadyAndOneWithoutModelsIs() {
    assertThat(start()).isCompleted();
    assertThat(catalog.ready()).isTrue();
    broken.put("a1", "bad");
    put("a", 1);
    load("a");
    assertThat(catalog.ready()).isFalse();
  }

  @Test
  void noReasonShowsWhereFilesLie() {
    broken.put("a1", FakeModels.FOLDER.resolve("a") + "/1/model.onnx is cut short");
    put("a", 1);
    start();
    assertThat(index()).containsExactly("a 1 UNAVAILABLE 1/model.onnx is cut short");
    assertThat(load("a").problem().message()).doesNotContain("/srv");
  }

  @Test
  void aReloadReplacesWhatRunsAndFreesItWhenItsLastUserLeaves() {
    put("a", 1);
    start();
    deployed.get(0).lease().acquire();
    assertThat(load("a").ok()).isEqualTo("a");
    assertThat(catalog.table().find("a", "").own()).isSameAs(deployed.get(1));
    assertThat(closed(0)).isFalse();
    deployed.get(0).lease().release();
    assertThat(closed(0)).isTrue();
  }

  @Test
  void aReloadThatFailsLeavesWhatRunsAloneAndSaysSo() {
    put("a", 1);
    start();
    broken.put("a1", "bad");
    assertThat(load("a").problem()).isInstanceOf(Problem.Invalid.class);
    assertThat(catalog.table().find("a", "").own()).isSameAs(deployed.get(0));
    assertThat(index().get(0)).startsWith("a 1 READY serving as loaded before").endsWith("bad");
    disk.put("a", new Found.Refused("a", "worse"));
    load("a");
    assertThat(index().get(0)).startsWith("a 1 READY serving as loaded before").endsWith("worse");
    broken.clear();
    put("a", 1);
    load("a");
    assertThat(index()).containsExactly("a 1 READY");
  }

  @Test
  void versionsThatAreGoneFromDiskAreRetired() {
    put("a", 1, 2);
    start();
    put("a", 2, 3);
    load("a");
    assertThat(index()).containsExactly("a 2 READY", "a 3 READY");
    assertThat(closed(0)).isTrue();
  }

  @Test
  void anUnloadAnswersWhenTheLastUserHasLeftAndSoDoesASecondOne() {
    put("a", 1);
    start();
    deployed.get(0).lease().acquire();
    Answers<String> first = unload("a");
    Answers<String> second = unload("a");
    assertThat(index()).containsExactly("a 1 UNLOADING");
    assertThat(first.count() + second.count()).isZero();
    deployed.get(0).lease().release();
    assertThat(first.ok()).isEqualTo("a");
    assertThat(second.ok()).isEqualTo("a");
    assertThat(index()).containsExactly("a 1 UNAVAILABLE unloaded");
    assertThat(unload("nobody").problem()).isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void aLoadDuringAnUnloadServesAndStaysWhenTheOldOneIsFreed() {
    put("a", 1);
    start();
    deployed.get(0).lease().acquire();
    Answers<String> unloaded = unload("a");
    load("a").ok();
    deployed.get(0).lease().release();
    assertThat(unloaded.ok()).isEqualTo("a");
    assertThat(index()).containsExactly("a 1 READY");
    assertThat(catalog.table().find("a", "").own()).isSameAs(deployed.get(1));
  }

  @Test
  void aModelWhoseFilesAreGoneLeavesTheIndexUnlessItComesBackMeanwhile() {
    put("a", 1);
    put("b", 1);
    start();
    deployed.get(0).lease().acquire();
    catalog.forget("a");
    catalog.forget("b");
    load("a").ok();
    deployed.get(0).lease().release();
    assertThat(index()).containsExactly("a 1 READY");
    assertThat(catalog.modelReady("a", "1")).isTrue();
  }

  @Test
  void aRefusedModelWhoseFilesAreGoneLeavesTheIndexToo() {
    disk.put("a", new Found.Refused("a", "bad"));
    start();
    catalog.forget("a");
    run();
    assertThat(index()).isEmpty();
  }

  @Test
  void everyRequestIsAnsweredWhateverIsThrown() {
    start();
    assertThat(load("explosive").problem()).isInstanceOf(Problem.Internal.class);
    assertThat(load("nobody").problem()).isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void aListenerThatFailsKeepsNothingFromBeingCarriedThrough() {
    put("a", 1);
    start();
    catalog.onChange(
        () -> {
          throw new IllegalStateException("made up");
        });
    load("a").ok();
    assertThat(closed(0)).isTrue();
  }

  @Test
  void aDrainingCatalogIsNotReadyButServesOn() {
    put("a", 1);
    start();
    catalog.beginDrain();
    assertThat(catalog.ready()).isFalse();
    assertThat(catalog.modelReady("a", "")).isTrue();
  }

  @Test
  void aStopFreesEverythingAndLoadsNothingMore() {
    put("a", 1);
    start();
    deployed.get(0).lease().acquire();
    CompletableFuture<Void> stopped = catalog.stop();
    assertThat(stopped).isNotDone();
    assertThat(load("a").problem()).isInstanceOf(Problem.Unavailable.class);
    deployed.get(0).lease().release();
    assertThat(stopped).isCompleted();
    assertThat(deployed).hasSize(1);
    assertThat(index()).isEmpty();
  }

  @Test
  void aStopDuringTheStartLeavesTheRestUnloadedAndFreesWhatWasBeingLoaded() {
    put("a", 1);
    put("b", 1);
    CompletableFuture<Void> started = catalog.start();
    List<CompletableFuture<Void>> stops = new ArrayList<>();
    onDeploy = () -> stops.add(catalog.stop());
    run();
    assertThat(started).isCompleted();
    assertThat(stops).singleElement().satisfies(stop -> assertThat(stop).isCompleted());
    assertThat(deployed).hasSize(1);
    assertThat(closed(0)).isTrue();
    assertThat(catalog.ready()).isFalse();
    assertThat(catalog.index()).extracting(ModelStatus::state).doesNotContain(State.READY);
  }
}
