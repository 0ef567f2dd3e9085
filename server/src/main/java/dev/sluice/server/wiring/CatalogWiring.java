// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.probe.LoadProbe;
import dev.sluice.models.probe.ProbeCache;
import dev.sluice.models.probe.ProbeLimits;
import dev.sluice.models.repository.ModelRepository;
import dev.sluice.models.serving.DjlModelLoader;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.server.cli.BuildVersion;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.EmbeddedSource;
import dev.sluice.server.core.LiveDeployer;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.ModelSource;
import dev.sluice.server.core.RepositorySource;
import dev.sluice.server.core.RepositoryWatch;
import dev.sluice.server.core.VariantWorkshop;
import dev.sluice.server.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Where the models come from, how they are loaded, and who watches them. */
final class CatalogWiring {
  private final ServerConfig config;
  private final Threads threads;
  private final Surroundings surroundings;
  private final Supplier<String> errorIds;
  private final Telemetry telemetry;
  private final VariantMaker maker;

  /** Ends one kind of trial each. */
  private final List<Runnable> trials = new ArrayList<>();

  CatalogWiring(
      ServerConfig config,
      Threads threads,
      Surroundings surroundings,
      Supplier<String> errorIds,
      Telemetry telemetry,
      VariantMaker maker) {
    this.config = config;
    this.threads = threads;
    this.surroundings = surroundings;
    this.errorIds = errorIds;
    this.telemetry = telemetry;
    this.maker = maker;
  }

  /** Nothing is loaded yet. */
  ModelCatalog create() {
    ServerConfig.Models models = config.models();
    if (models.repositories().isEmpty()) {
      // Its bytes come with the program: no probe, and nothing to watch.
      return catalog(
          new EmbeddedSource(
              models.cacheDirectory(), Sizes.specDefaults(config), config.variants()),
          loader());
    }
    List<ModelRepository> repositories =
        models.repositories().stream()
            .map(folder -> new ModelRepository(folder, config.variants()))
            .toList();
    RepositorySource source =
        new RepositorySource(repositories, Sizes.specDefaults(config), models.allowTorchscript());
    ModelCatalog catalog = catalog(source, loader(repositories));
    models.watchInterval().ifPresent(every -> watch(new RepositoryWatch(source, catalog), every));
    return catalog;
  }

  private ModelCatalog catalog(ModelSource source, ModelLoader loader) {
    LiveDeployer deployer = deployer(loader);
    VariantWorkshop workshop =
        new VariantWiring(config, threads).workshop(maker, deployer, surroundings.judgeClock());
    trials.add(workshop::stop);
    return new ModelCatalog(source, deployer, workshop, threads.modelLoader, errorIds);
  }

  /** What was made of a model has been tried by its maker. */
  private LiveDeployer deployer(ModelLoader loader) {
    return new LiveDeployer(
        surroundings.models().apply(loader),
        surroundings.models().apply(new DjlModelLoader()),
        new LaneBatchers(surroundings.clock(), surroundings.timer().orElse(threads.timer)),
        Sizes.deployment(config),
        telemetry,
        threads.janitor);
  }

  private ModelLoader loader() {
    return config.models().optimize() ? new DjlModelLoader(maker::optimized) : new DjlModelLoader();
  }

  private ModelLoader loader(List<ModelRepository> repositories) {
    ServerConfig.Models models = config.models();
    ModelLoader direct = loader();
    if (!models.loadProbe()) {
      return direct;
    }
    int heapMegabytes = (int) Math.min(Integer.MAX_VALUE, models.loadProbeMemoryBytes() >> 20);
    LoadProbe probe =
        new LoadProbe(
            DjlModelLoader.class, new ProbeLimits(models.loadProbeTimeLimit(), heapMegabytes));
    trials.add(probe::stop);
    ProbeCache cache =
        new ProbeCache(models.cacheDirectory().resolve("probed"), BuildVersion.current());
    return new ProbedLoader(direct, probe, cache, repositories);
  }

  /** Ends what tries models in processes of their own or makes variants; starts no more of it. */
  void stopTrials() {
    trials.forEach(Runnable::run);
  }

  private void watch(RepositoryWatch watch, Duration interval) {
    long millis = interval.toMillis();
    // Never fails: the watch logs what goes wrong and looks again next time.
    var unused = threads.watch.scheduleWithFixedDelay(watch, millis, millis, TimeUnit.MILLISECONDS);
  }
}
