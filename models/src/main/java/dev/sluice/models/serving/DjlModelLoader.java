// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.spec.ModelSpec;

/** Loads models with DJL's engines, for as many lanes as this machine has cores. */
public final class DjlModelLoader implements ModelLoader {
  private final Engines engines = new DjlEngines();
  private final int cores = Runtime.getRuntime().availableProcessors();

  @Override
  public LoadedModel load(ModelSpec spec) throws EngineException {
    return switch (spec.task()) {
      case EMBED -> LoadedTextEmbedder.load(spec, engines, cores);
      case TENSOR -> LoadedTensorModel.load(spec, engines, cores);
    };
  }
}
