// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.Deployer;
import dev.sluice.server.core.VariantWorkshop;
import dev.sluice.server.slo.Objective;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who makes variants, and how long requests may wait before they are served by one. */
record VariantWiring(ServerConfig config, Threads threads) {

  /** The maker of a server. It offers nothing: variants cannot be made yet. */
  static VariantMaker maker(ServerConfig config) {
    return new NoVariants();
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
        .or(config.batching()::targetWait);
  }

  private static final class NoVariants implements VariantMaker {
    @Override
    public List<String> offered(ModelSpec model) {
      return List.of();
    }

    @Override
    public DerivedVariant make(ModelSpec model, String variant, Progress progress)
        throws EngineException {
      throw new EngineException("this server makes no variants");
    }
  }
}
