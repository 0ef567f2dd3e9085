// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchRunner;
import dev.sluice.batching.Batcher;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys models for real: engine, lanes, batcher. Used by the catalog's loader thread. */
public final class LiveDeployer implements Deployer {
  private static final Logger log = LoggerFactory.getLogger(LiveDeployer.class);

  private final ModelLoader loader;
  private final ModelLoader derivedLoader;
  private final Batchers batchers;
  private final DeploymentSettings defaults;
  private final BatcherPlans plans;
  private final Telemetry telemetry;
  private final Executor janitor;

  /**
   * @param derivedLoader loads what was made of models
   * @param janitor where retired models are closed; may block, so never an event loop or a lane
   */
  public LiveDeployer(
      ModelLoader loader,
      ModelLoader derivedLoader,
      Batchers batchers,
      DeploymentSettings defaults,
      Telemetry telemetry,
      Executor janitor) {
    this.loader = loader;
    this.derivedLoader = derivedLoader;
    this.batchers = batchers;
    this.defaults = defaults;
    this.plans = new BatcherPlans(defaults);
    this.telemetry = telemetry;
    this.janitor = janitor;
  }

  @Override
  public Outcome deploy(ModelSpec spec) {
    return deploy(spec, loader, LoadedModel::variant);
  }

  @Override
  public Outcome deploy(DerivedVariant variant) {
    return deploy(variant.spec(), derivedLoader, made -> variant.name());
  }

  private Outcome deploy(ModelSpec spec, ModelLoader from, Function<LoadedModel, String> variant) {
    try {
      LoadedModel model = from.load(spec);
      Deployment deployment = deploy(model, variant.apply(model));
      log.info(
          "model '{}' version {} ({}) serves on {} with {} lane(s)",
          spec.name(),
          spec.version(),
          deployment.variant(),
          model.device(),
          model.lanes());
      return new Outcome.Serving(deployment);
    } catch (EngineException refused) {
      log.debug("loading model '{}' failed", spec.name(), refused);
      return new Outcome.Failed(String.valueOf(refused.getMessage()));
    } catch (Throwable unforeseen) {
      log.error("loading model '{}' failed unexpectedly", spec.name(), unforeseen);
      return new Outcome.Failed("it could not be loaded; the log says why");
    }
  }

  private Deployment deploy(LoadedModel model, String variant) throws EngineException {
    ModelSpec spec = model.spec();
    ModelLabels labels = new ModelLabels(spec.name(), Long.toString(spec.version()), variant);
    Statistics statistics = new Statistics(telemetry.register(labels));
    try {
      return switch (model) {
        case TextEmbedder embedder -> embedding(embedder, variant, statistics);
        case TensorModel tensors -> tensors(tensors, variant, statistics);
      };
    } catch (IllegalArgumentException impossible) {
      statistics.close();
      model.close();
      throw new EngineException(
          "its batches could not be formed: " + impossible.getMessage(), impossible);
    } catch (Throwable failed) {
      statistics.close();
      model.close();
      throw failed;
    }
  }

  private Deployment embedding(TextEmbedder model, String variant, Statistics statistics) {
    BatcherPlan plan = plans.embedding(model);
    List<EmbedRunner> lanes = lanes(model, () -> new EmbedRunner(model, model.newLane()));
    Batcher<int[], float[]> batcher = batcher(model.spec().name(), lanes, plan, statistics);
    statistics.watch(new WatchedBatcher(batcher, lanes.size()));
    return new Deployment.Embedding(model, variant, batcher, statistics, new Lease());
  }

  private Deployment tensors(TensorModel model, String variant, Statistics statistics)
      throws EngineException {
    ModelSpec spec = model.spec();
    int maxRows = spec.config().getMaxBatchSize();
    Map<String, List<String>> labels = Labels.of(spec);
    BatcherPlan plan = plans.tensors(spec);
    InferValidator validator =
        new InferValidator(
            model.inputs(), model.outputs(), Math.min(maxRows, defaults.maxRowsPerInfer()));
    List<TensorRunner> lanes = lanes(model, () -> new TensorRunner(model, model.newLane()));
    Batcher<List<Tensor>, List<Tensor>> batcher = batcher(spec.name(), lanes, plan, statistics);
    statistics.watch(new WatchedBatcher(batcher, lanes.size()));
    return new Deployment.Tensors(
        model,
        variant,
        batcher,
        validator,
        labels,
        QueuePolicies.of(spec),
        statistics,
        new Lease());
  }

  /** All of them or none: a model may only be closed when no lane of it is open. */
  private static <L extends BatchRunner<?, ?>> List<L> lanes(LoadedModel model, Supplier<L> lane) {
    List<L> lanes = new ArrayList<>(model.lanes());
    try {
      for (int i = 0; i < model.lanes(); i++) {
        lanes.add(lane.get());
      }
      return lanes;
    } catch (Throwable failed) {
      lanes.forEach(BatchRunner::close);
      throw failed;
    }
  }

  /** Takes over the lanes, whatever happens. */
  private <T, R> Batcher<T, R> batcher(
      String model,
      List<? extends BatchRunner<T, R>> lanes,
      BatcherPlan plan,
      Statistics statistics) {
    try {
      return batchers.create(model, lanes, plan, statistics.observer());
    } catch (Throwable failed) {
      lanes.forEach(BatchRunner::close);
      throw failed;
    }
  }

  @Override
  public CompletableFuture<Void> retire(Deployment deployment) {
    return deployment
        .lease()
        .retire()
        .thenRunAsync(deployment::close, janitor)
        .exceptionally(
            failed -> {
              log.error("model '{}' could not be closed", deployment.name(), failed);
              return null;
            });
  }
}
