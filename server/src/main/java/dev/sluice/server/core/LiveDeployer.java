// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchLimits;
import dev.sluice.batching.QueueLimits;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys models for real: engine, lanes, batcher. Used by the catalog's loader thread. */
public final class LiveDeployer implements Deployer {
  private static final Logger log = LoggerFactory.getLogger(LiveDeployer.class);

  private final ModelLoader loader;
  private final Batchers batchers;
  private final DeploymentSettings defaults;
  private final LongSupplier epochMillis;
  private final Executor janitor;

  /**
   * @param janitor where retired models are closed; may block, so never an event loop or a lane
   */
  public LiveDeployer(
      ModelLoader loader,
      Batchers batchers,
      DeploymentSettings defaults,
      LongSupplier epochMillis,
      Executor janitor) {
    this.loader = loader;
    this.batchers = batchers;
    this.defaults = defaults;
    this.epochMillis = epochMillis;
    this.janitor = janitor;
  }

  @Override
  public Outcome deploy(ModelSpec spec) {
    try {
      LoadedModel model = loader.load(spec);
      Deployment deployment = deploy(model);
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
      return failed(spec, refused);
    } catch (RuntimeException | LinkageError | AssertionError | VirtualMachineError unforeseen) {
      log.error("loading model '{}' failed unexpectedly", spec.name(), unforeseen);
      return failed(spec, unforeseen);
    }
  }

  /** The reason also goes to clients that list the repository: where the folder lies stays here. */
  private static Outcome failed(ModelSpec spec, Throwable cause) {
    String message = cause.getMessage() == null ? "it could not be loaded" : cause.getMessage();
    return new Outcome.Failed(
        HostPaths.hide(
            message
                .replace(spec.directory().toAbsolutePath().toString(), spec.name())
                .replace(spec.directory().toString(), spec.name())));
  }

  private Deployment deploy(LoadedModel model) throws EngineException {
    try {
      return switch (model) {
        case TextEmbedder embedder -> embedding(embedder);
        case TensorModel tensors -> tensors(tensors);
      };
    } catch (EngineException | RuntimeException failed) {
      model.close();
      throw failed;
    }
  }

  private Deployment embedding(TextEmbedder model) {
    ModelSettings settings = model.spec().settings();
    Statistics statistics = new Statistics(epochMillis);
    long tokens = settings.maxBatchTokens().orElse(defaults.maxBatchTokens());
    BatchLimits batch =
        new BatchLimits(
            settings.maxBatchRows().orElse(defaults.maxBatchRows()),
            Math.max(tokens, model.maxTokens()),
            settings.linger());
    List<EmbedRunner> lanes = lanes(model, () -> new EmbedRunner(model.newLane()));
    return new Deployment.Embedding(
        model,
        batchers.create(model.spec().name(), lanes, batch, queue(settings), statistics),
        statistics,
        new Lease());
  }

  private Deployment tensors(TensorModel model) throws EngineException {
    ModelSpec spec = model.spec();
    int maxRows = spec.config().getMaxBatchSize();
    Map<String, List<String>> labels = Labels.of(spec);
    Statistics statistics = new Statistics(epochMillis);
    int batchRows = Math.max(1, maxRows);
    BatchLimits batch = new BatchLimits(batchRows, batchRows, spec.settings().linger());
    List<TensorRunner> lanes = lanes(model, () -> new TensorRunner(model.newLane()));
    return new Deployment.Tensors(
        model,
        batchers.create(spec.name(), lanes, batch, queue(spec.settings()), statistics),
        new InferValidator(
            model.inputs(), model.outputs(), Math.min(maxRows, defaults.maxRowsPerInfer())),
        labels,
        statistics,
        new Lease());
  }

  private static <L> List<L> lanes(LoadedModel model, Supplier<L> lane) {
    return Stream.generate(lane).limit(model.lanes()).toList();
  }

  private QueueLimits queue(ModelSettings settings) {
    return new QueueLimits(
        settings.maxQueueRows().orElse(defaults.maxQueueRows()),
        defaults.maxQueueTokens(),
        defaults.maxQueueBytes());
  }

  @Override
  public CompletableFuture<Void> retire(Deployment deployment) {
    return deployment.lease().retire().thenRunAsync(() -> close(deployment), janitor);
  }

  private static void close(Deployment deployment) {
    try {
      deployment.close();
    } catch (RuntimeException failed) {
      log.error("model '{}' could not be closed", deployment.name(), failed);
    }
  }
}
