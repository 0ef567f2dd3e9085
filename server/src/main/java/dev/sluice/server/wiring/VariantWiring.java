// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.models.derive.CachedVariants;
import dev.sluice.models.derive.CardVariants;
import dev.sluice.models.derive.StandardRecipe;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.fidelity.FidelityMeter;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.Deployer;
import dev.sluice.server.core.VariantWorkshop;
import dev.sluice.server.slo.Objective;
import java.time.Duration;
import java.util.Optional;

/** Who makes variants, and how long requests may wait before they are served by one. */
record VariantWiring(ServerConfig config, Threads threads) {

  /**
   * Makes them in processes of their own, and keeps what it made; those for cards are made by
   * loading them.
   */
  VariantMaker maker() {
    ServerConfig.Models models = config.models();
    VariantMaker cached =
        new CachedVariants(
            models.cacheDirectory(),
            models.maxDerivedBytes(),
            StandardRecipe.class,
            threads.variantMaker);
    return new CardVariants(cached, new FidelityMeter(System::nanoTime));
  }

  /**
   * @param clock that brownouts go by
   */
  VariantWorkshop workshop(VariantMaker maker, Deployer deployer, NanoClock clock) {
    return new VariantWorkshop(maker, deployer, threads.variantMaker, clock, this::waitBudget);
  }

  /** The tightest bound among the model's objectives, else the wait that its queue aims at. */
  private Optional<Duration> waitBudget(ModelSpec spec) {
    return config.slo().of(spec.name()).stream()
        .filter(Objective.Latency.class::isInstance)
        .map(objective -> ((Objective.Latency) objective).under())
        .min(Duration::compareTo)
        .or(spec.settings().forming()::targetWait)
        .or(() -> Sizes.targetWait(config, spec.name()));
  }
}
