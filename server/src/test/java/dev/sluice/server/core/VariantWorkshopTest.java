// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.spec.BrownoutSettings;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.models.spec.VariantSettings.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How variants come beside their model, step by step: they are made when the test says so. */
final class VariantWorkshopTest {
  private static final long MILLI = 1_000_000;
  private static final Fidelity GOOD = fidelity(0.999, 0.99, 2.5);

  private final SteppedExecutor thread = new SteppedExecutor();
  private final List<String> makings = new ArrayList<>();
  private final List<Deployment> deployed = new ArrayList<>();
  private final List<Deployment> retired = new ArrayList<>();
  private Making making = progress -> GOOD;
  private Runnable onDeploy = () -> {};
  private @Nullable String notLoadable;
  private final AtomicLong clock = new AtomicLong();
  private Optional<Duration> waitBudget = Optional.empty();
  private final VariantWorkshop workshop = workshop(new Scripted());

  private interface Making {
    Fidelity run(VariantMaker.Progress progress) throws EngineException, InterruptedException;
  }

  private final class Scripted implements VariantMaker {
    @Override
    public List<String> offered(ModelSpec model) {
      return List.of("int8", "fp32", "int4");
    }

    @Override
    public DerivedVariant make(ModelSpec model, String variant, Progress progress)
        throws EngineException, InterruptedException {
      makings.add(model.name() + " " + variant);
      return new DerivedVariant(variant, model, making.run(progress));
    }
  }

  private final class Deploying implements Deployer {
    @Override
    public Outcome deploy(ModelSpec spec) {
      throw new AssertionError("the workshop deploys variants only");
    }

    @Override
    public Outcome deploy(DerivedVariant variant) {
      onDeploy.run();
      if (notLoadable != null) {
        return new Outcome.Failed(notLoadable);
      }
      Deployment deployment = FakeModels.embedding(variant.spec(), variant.name());
      deployed.add(deployment);
      return new Outcome.Serving(deployment);
    }

    @Override
    public CompletableFuture<Void> retire(Deployment deployment) {
      retired.add(deployment);
      return deployment.lease().retire();
    }
  }

  private VariantWorkshop workshop(VariantMaker maker) {
    return new VariantWorkshop(maker, new Deploying(), thread, clock::get, spec -> waitBudget);
  }

  private static Fidelity fidelity(double mean, double p1, double speed) {
    return new Fidelity(mean, p1, 0.9, 0.9, 0.1, 1, speed, 0.3);
  }

  private static VariantSettings settings(Policy policy, String preferred, String... belowBudget) {
    return new VariantSettings(
        Set.of("int8"),
        policy,
        preferred,
        Optional.empty(),
        FidelityBudget.DEFAULT,
        Set.of(belowBudget),
        BrownoutSettings.DEFAULT);
  }

  private VersionVariants open(String name, VariantSettings settings) {
    ModelSpec spec = FakeModels.textSpec(name, 1, true);
    ModelSpec wanted = spec.withSettings(spec.settings().withVariants(settings));
    return workshop.open(wanted, FakeModels.embedding(wanted));
  }

  private VersionVariants open() {
    return open("m", VariantSettings.DEFAULT);
  }

  private static Problem refused(VersionVariants version, String variant) {
    return catchThrowableOfType(ProblemException.class, () -> version.choose(variant)).problem();
  }

  @Test
  void aVariantIsMadeWhenItIsFirstAskedForAndNotBefore() {
    VersionVariants version = open();
    version.begin(Set.of());
    assertThat(version.choose("")).isSameAs(version.own());
    assertThat(thread.tasks).isEmpty();

    assertThat(refused(version, "int8")).isInstanceOf(Problem.Unavailable.class);
    assertThat(refused(version, "int8").message()).contains("its turn");
    thread.run();
    assertThat(makings).containsExactly("m int8");
    assertThat(version.choose("int8")).isSameAs(deployed.get(0));
    assertThat(version.choose("fp32")).isSameAs(version.own());
    assertThat(version.choose("")).isSameAs(version.own());
  }

  @Test
  void whoAsksWhileItIsMadeIsToldHowFarItIs() {
    VersionVariants version = open();
    List<String> told = new ArrayList<>();
    making =
        progress -> {
          progress.at("calibrating", 0.4);
          told.add(refused(version, "int8").message());
          return GOOD;
        };
    onDeploy = () -> told.add(refused(version, "int8").message());
    assertThat(refused(version, "int8")).isInstanceOf(Problem.Unavailable.class);
    thread.run();
    assertThat(told)
        .containsExactly(
            "variant 'int8' of model 'm' is being made: calibrating, 40 %",
            "variant 'int8' of model 'm' is being loaded");
  }

  /** Whoever passes on the steps of another process may be behind. */
  @Test
  void aStepThatIsToldLateChangesNothing() {
    VersionVariants version = open();
    List<VariantMaker.Progress> late = new ArrayList<>();
    making =
        progress -> {
          late.add(progress);
          return GOOD;
        };
    onDeploy = () -> late.get(0).at("calibrating", 0.9);
    refused(version, "int8");
    thread.run();
    late.get(0).at("calibrating", 0.9);
    assertThat(version.choose("int8").variant()).isEqualTo("int8");
    assertThat(version.statuses().get(1).state()).isEqualTo(VariantStatus.State.READY);
  }

  @Test
  void whatIsNotOfferedIsNotFoundWithWhatIs() {
    VersionVariants version = open();
    Problem problem = refused(version, "int4");
    assertThat(problem).isInstanceOf(Problem.NotFound.class);
    assertThat(problem.message()).contains("'int4'").endsWith("it has fp32, int8");
    assertThat(thread.tasks).isEmpty();
  }

  @Test
  void whoeverOffersNoneHasOnlyItsOwnPrecision() {
    VariantSettings none =
        new VariantSettings(
            Set.of(),
            Policy.FASTEST,
            "int8",
            Optional.empty(),
            FidelityBudget.DEFAULT,
            Set.of(),
            BrownoutSettings.DEFAULT);
    VersionVariants version = open("m", none);
    version.begin(Set.of("int8"));
    assertThat(version.choose("")).isSameAs(version.own());
    assertThat(refused(version, "int8")).isInstanceOf(Problem.NotFound.class);
    assertThat(thread.tasks).isEmpty();
  }

  @Test
  void aVariantBelowItsBudgetIsRefusedWithBothFiguresUntilTheModelIsLoadedAnew() {
    making = progress -> fidelity(0.991234, 0.95, 3);
    VersionVariants version = open();
    refused(version, "int8");
    thread.run();
    Problem problem = refused(version, "int8");
    assertThat(problem).isInstanceOf(Problem.NotFound.class);
    assertThat(problem.message())
        .contains("0.9912", "0.9500", "0.995 and 0.98", "variants.served_below_budget");
    thread.run();
    assertThat(makings).as("not made again").hasSize(1);
    assertThat(deployed).isEmpty();
    assertThat(version.statuses().get(1).fidelity()).isNotNull();
  }

  @Test
  void eachOfTheTwoFiguresHasToBeReachedAndANumberToBeOne() {
    for (Fidelity missed :
        List.of(
            fidelity(0.9949, 0.99, 3), fidelity(0.999, 0.9799, 3), fidelity(Double.NaN, 1, 3))) {
      making = progress -> missed;
      VersionVariants version = open();
      refused(version, "int8");
      thread.run();
      assertThat(refused(version, "int8")).isInstanceOf(Problem.NotFound.class);
    }
    making = progress -> fidelity(0.995, 0.98, 3);
    VersionVariants version = open();
    refused(version, "int8");
    thread.run();
    assertThat(version.choose("int8").variant()).isEqualTo("int8");
  }

  @Test
  void aVariantThatTheConfigurationNamesServesBelowItsBudget() {
    making = progress -> fidelity(0.5, 0.1, 3);
    VersionVariants version = open("m", settings(Policy.FIXED, "int8", "int8"));
    version.begin(Set.of());
    thread.run();
    assertThat(version.choose("").variant()).isEqualTo("int8");
  }

  @Test
  void whatCannotBeMadeOrLoadedIsRefusedAndSparesTheModel() {
    VersionVariants unmakable = open("a", VariantSettings.DEFAULT);
    making =
        progress -> {
          throw new EngineException("no weights in " + FakeModels.FOLDER + "/a/model.onnx");
        };
    Problem first = refusedOnceRun(unmakable);
    assertThat(first.message()).contains("cannot be made: no weights in").doesNotContain("/srv");

    making =
        progress -> {
          throw new OutOfMemoryError("made up");
        };
    VersionVariants unforeseen = open("b", VariantSettings.DEFAULT);
    assertThat(refusedOnceRun(unforeseen).message()).contains("the log says why");

    making = progress -> GOOD;
    notLoadable = "it does not fit";
    VersionVariants unloadable = open("c", VariantSettings.DEFAULT);
    assertThat(refusedOnceRun(unloadable).message()).contains("cannot be loaded: it does not fit");
  }

  private Problem refusedOnceRun(VersionVariants version) {
    refused(version, "int8");
    thread.run();
    Problem problem = refused(version, "int8");
    assertThat(problem).isInstanceOf(Problem.NotFound.class);
    assertThat(version.choose("")).isSameAs(version.own());
    return problem;
  }

  @Test
  void aModelWhoseVariantsCannotEvenBeAskedForServes() {
    VariantWorkshop broken =
        workshop(
            new VariantMaker() {
              @Override
              public List<String> offered(ModelSpec model) {
                throw new IllegalStateException("made up");
              }

              @Override
              public DerivedVariant make(ModelSpec model, String variant, Progress progress) {
                throw new AssertionError("nothing is offered");
              }
            });
    ModelSpec spec = FakeModels.textSpec("m", 1, true);
    VersionVariants version = broken.open(spec, FakeModels.embedding(spec));
    assertThat(version.choose("")).isSameAs(version.own());
  }

  @Test
  void aVersionThatIsClosedGetsNoVariantAnyMore() {
    VersionVariants waiting = open("a", VariantSettings.DEFAULT);
    refused(waiting, "int8");
    waiting.close();
    thread.run();
    assertThat(makings).as("its turn never comes").isEmpty();

    VersionVariants loading = open("b", VariantSettings.DEFAULT);
    refused(loading, "int8");
    onDeploy = loading::close;
    thread.run();
    assertThat(retired).as("it came too late").isEqualTo(deployed).hasSize(1);
    // Closing interrupts whoever makes it, which is this thread.
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closingGivesBackEverythingThatServes() {
    VersionVariants version = open();
    refused(version, "int8");
    thread.run();
    assertThat(version.close()).containsExactly(version.own(), deployed.get(0));
  }

  @Test
  void whatThePolicyWantsIsMadeRightAfterTheLoadAndServesOnceItIsThere() {
    for (VariantSettings eager :
        List.of(settings(Policy.FIXED, "int8"), settings(Policy.FASTEST, ""))) {
      VersionVariants version = open("m", eager);
      version.begin(Set.of());
      assertThat(version.choose("")).as("until then").isSameAs(version.own());
      thread.run();
      assertThat(version.choose("").variant()).isEqualTo("int8");
      assertThat(version.choose("fp32")).isSameAs(version.own());
    }
  }

  @Test
  void theFastestIsNoneThatIsSlowerOrServedBelowItsBudget() {
    for (Fidelity poor : List.of(fidelity(0.999, 0.99, 0.9), fidelity(0.9, 0.9, 3))) {
      making = progress -> poor;
      VersionVariants version = open("m", settings(Policy.FASTEST, "", "int8"));
      version.begin(Set.of());
      thread.run();
      assertThat(version.choose("")).isSameAs(version.own());
      assertThat(version.choose("int8").variant()).isEqualTo("int8");
    }
  }

  @Test
  void aVariantWithoutALaneThatWorksIsNobodysChoice() {
    VersionVariants version = open("m", settings(Policy.FIXED, "int8"));
    version.begin(Set.of());
    thread.run();
    ((HeldBatcher<?, ?>) deployed.get(0).batcher()).fit = 0;
    assertThat(version.choose("")).isSameAs(version.own());
  }

  private static VariantSettings brownout(Optional<Duration> budget) {
    return new VariantSettings(
        Set.of("int8"),
        Policy.BROWNOUT,
        "",
        Optional.empty(),
        FidelityBudget.DEFAULT,
        Set.of(),
        new BrownoutSettings(budget, 0.5, 0.1, Duration.ofSeconds(5)));
  }

  /** A batch of that deployment is formed, a while after the last one. */
  private void formed(Deployment deployment, long laterMillis, long waitMillis) {
    clock.addAndGet(laterMillis * MILLI);
    deployment.statistics().observer().batchFormed(0, 1, 1, 1, waitMillis * MILLI, 0);
  }

  /** The tightest of what could be a budget does not count where the settings name one. */
  @Test
  void aBrownoutIsFedByBothVariantsFromWhenThereAreTwo() {
    waitBudget = Optional.of(Duration.ofMillis(1));
    VersionVariants version = open("m", brownout(Optional.of(Duration.ofMillis(100))));
    version.begin(Set.of());
    formed(version.own(), 0, 90);
    formed(version.own(), 50, 90);
    formed(version.own(), 50, 90);
    assertThat(version.choose("")).as("there is no other").isSameAs(version.own());
    thread.run();

    formed(version.own(), 0, 90);
    formed(version.own(), 50, 90);
    assertThat(version.choose("")).as("not for long enough").isSameAs(version.own());
    formed(version.own(), 50, 90);
    assertThat(version.choose("")).isSameAs(deployed.get(0));
    assertThat(version.choose("fp32")).isSameAs(version.own());
    formed(deployed.get(0), 4_000, 10);
    clock.addAndGet(4_999 * MILLI);
    assertThat(version.choose("")).isSameAs(deployed.get(0));
    clock.addAndGet(MILLI);
    assertThat(version.choose("")).isSameAs(version.own());
    assertThat(version.brownout()).hasValue(new BrownoutStatus(false, 1, 1));
  }

  @Test
  void aBrownoutGoesByWhatTheServerMakesOfTheObjectivesAndNotAtAllWithoutThem() {
    for (boolean given : new boolean[] {true, false}) {
      waitBudget = given ? Optional.of(Duration.ofMillis(100)) : Optional.empty();
      deployed.clear();
      VersionVariants version = open("m", brownout(Optional.empty()));
      version.begin(Set.of());
      thread.run();
      formed(version.own(), 0, 500);
      formed(version.own(), 100, 500);
      assertThat(version.choose("").variant()).isEqualTo(given ? "int8" : "fp32");
      assertThat(version.brownout().isPresent()).isEqualTo(given);
    }
  }

  @Test
  void aServerThatStopsMakesNothingMore() {
    VersionVariants version = open();
    workshop.stop();
    version.begin(Set.of("int8"));
    assertThat(refused(version, "int8")).isInstanceOf(Problem.Unavailable.class);
    assertThat(version.choose("")).isSameAs(version.own());
  }
}
