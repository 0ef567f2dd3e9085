// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.NanoClock;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.models.spec.VariantSettings.Policy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the variants of models made, one at a time and in the order asked for, on a thread of its
 * own; then judges them and puts them into service beside their model. Whatever goes wrong costs
 * the variant alone.
 *
 * <p>Safe for any number of threads.
 */
public final class VariantWorkshop {
  private static final Logger log = LoggerFactory.getLogger(VariantWorkshop.class);

  private final VariantMaker maker;
  private final Deployer deployer;
  private final ExecutorService thread;
  private final NanoClock clock;
  private final Function<ModelSpec, Optional<Duration>> waitBudget;

  /**
   * @param thread where all making happens; must be a single one
   * @param clock that brownouts go by
   * @param waitBudget how long requests of a model may wait, where its brownout settings do not say
   */
  public VariantWorkshop(
      VariantMaker maker,
      Deployer deployer,
      ExecutorService thread,
      NanoClock clock,
      Function<ModelSpec, Optional<Duration>> waitBudget) {
    this.maker = maker;
    this.deployer = deployer;
    this.thread = thread;
    this.clock = clock;
    this.waitBudget = waitBudget;
  }

  /**
   * The version that a model serves as, nothing of it made yet.
   *
   * @param spec as it was found on disk
   */
  VersionVariants open(ModelSpec spec, Deployment own) {
    Set<String> offered = offered(spec, own);
    warnOfMissing(spec, own, offered);
    return new VersionVariants(spec, own, offered, this::start, brownout(spec, offered));
  }

  private Set<String> offered(ModelSpec spec, Deployment own) {
    VariantSettings settings = spec.settings().variants();
    Set<String> offered = new LinkedHashSet<>();
    if (!settings.offered().isEmpty()) {
      try {
        offered.addAll(maker.offered(spec));
      } catch (RuntimeException unforeseen) {
        log.error("model '{}': no variants, as asking for them failed", spec.name(), unforeseen);
      }
    }
    offered.retainAll(settings.offered());
    offered.remove(own.variant());
    return offered;
  }

  private static void warnOfMissing(ModelSpec spec, Deployment own, Set<String> offered) {
    VariantSettings settings = spec.settings().variants();
    String wanted =
        switch (settings.policy()) {
          case FIXED -> settings.preferred();
          case BROWNOUT -> VariantSettings.INT8;
          case FASTEST -> "";
        };
    boolean there = wanted.isEmpty() || wanted.equals(own.variant()) || offered.contains(wanted);
    if (!there) {
      log.warn(
          "model '{}' has no variant '{}' for its policy '{}'; {} answers",
          spec.name(),
          wanted,
          settings.policy().name().toLowerCase(Locale.ROOT),
          own.variant());
    }
  }

  private @Nullable BrownoutSwitch brownout(ModelSpec spec, Set<String> offered) {
    VariantSettings settings = spec.settings().variants();
    if (settings.policy() != Policy.BROWNOUT || !offered.contains(VariantSettings.INT8)) {
      return null;
    }
    Optional<Duration> budget = settings.brownout().budget().or(() -> waitBudget.apply(spec));
    if (budget.isEmpty()) {
      log.warn(
          "model '{}' has no time to keep: without variants.brownout-budget, a latency objective or"
              + " a target wait there is no brownout",
          spec.name());
      return null;
    }
    return new BrownoutSwitch(
        spec.name(),
        Long.toString(spec.version()),
        budget.get(),
        new Brownout(budget.get(), settings.brownout()),
        clock);
  }

  private Future<?> start(VersionVariants version, String variant) {
    return thread.submit(() -> make(version, variant));
  }

  private void make(VersionVariants version, String variant) {
    ModelSpec model = version.spec();
    log.info("model '{}' version {}: making {}", model.name(), model.version(), variant);
    version.making(variant, "starting", 0);
    try {
      DerivedVariant made =
          maker.make(model, variant, (step, share) -> version.making(variant, step, share));
      judge(version, made);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      refuse(version, variant, "its making was broken off");
    } catch (EngineException impossible) {
      log.debug("making {} of model '{}' failed", variant, model.name(), impossible);
      refuse(version, variant, "it cannot be made: " + impossible.getMessage());
    } catch (Throwable unforeseen) {
      log.error("making {} of model '{}' failed", variant, model.name(), unforeseen);
      refuse(version, variant, "it could not be made; the log says why");
    }
  }

  private void judge(VersionVariants version, DerivedVariant made) {
    VariantSettings settings = version.spec().settings().variants();
    boolean good =
        FidelityText.within(made.fidelity(), settings.budget())
            || settings.servedBelowBudget().contains(made.name());
    if (!good) {
      String why = FidelityText.missed(made.fidelity(), settings.budget());
      if (version.refused(made.name(), why, made.fidelity())) {
        warn(version, made.name(), why);
      }
      return;
    }
    version.loading(made.name(), made.fidelity());
    switch (deployer.deploy(made)) {
      case Deployer.Outcome.Failed failed ->
          refuse(version, made.name(), "it cannot be loaded: " + failed.reason());
      case Deployer.Outcome.Serving serving -> {
        if (version.ready(made.name(), serving.deployment(), made.fidelity())) {
          log.info(
              "model '{}' has {} beside it: {}",
              made.spec().name(),
              made.name(),
              FidelityText.of(made.fidelity()));
        } else {
          deployer.retire(serving.deployment());
        }
      }
    }
  }

  private static void refuse(VersionVariants version, String variant, String reason) {
    if (version.refused(variant, Reasons.forClients(version.spec(), reason), null)) {
      warn(version, variant, reason);
    }
  }

  private static void warn(VersionVariants version, String variant, String reason) {
    log.warn(
        "model '{}' version {} serves without {}: {}",
        version.spec().name(),
        version.spec().version(),
        variant,
        reason);
  }

  /** Breaks off what is being made, and makes nothing more. */
  public void stop() {
    thread.shutdownNow();
  }
}
