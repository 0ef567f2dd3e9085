// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.spec.ModelSpec;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads models with DJL's engines, for as many lanes as this machine has cores. */
public final class DjlModelLoader implements ModelLoader {
  private static final Logger log = LoggerFactory.getLogger(DjlModelLoader.class);

  private final Engines engines = new DjlEngines();
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final UnaryOperator<ModelSpec> optimized;

  /** Loads models out of their own files. */
  public DjlModelLoader() {
    this(UnaryOperator.identity());
  }

  /**
   * @param optimized gives the same model out of a faster file, or as it is. Whoever asks for the
   *     loaded model's spec gets the one that it was loaded by, not this
   */
  public DjlModelLoader(UnaryOperator<ModelSpec> optimized) {
    this.optimized = optimized;
  }

  @Override
  public LoadedModel load(ModelSpec spec) throws EngineException {
    return switch (spec.task()) {
      case EMBED -> embedder(spec);
      case TENSOR -> LoadedTensorModel.load(spec, engines, cores);
    };
  }

  private LoadedModel embedder(ModelSpec spec) throws EngineException {
    ModelSpec faster = optimized.apply(spec);
    if (!faster.equals(spec)) {
      try {
        return LoadedTextEmbedder.load(spec, faster, engines, cores);
      } catch (EngineException unusable) {
        log.warn(
            "model '{}' is served out of its own file: what was made of it cannot be loaded: {}",
            spec.name(),
            unusable.getMessage());
      }
    }
    return LoadedTextEmbedder.load(spec, engines, cores);
  }
}
