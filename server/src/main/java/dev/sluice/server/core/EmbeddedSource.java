// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.Found;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.VariantSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The one model that Sluice carries with it, unpacked into the cache when first needed. */
public final class EmbeddedSource implements ModelSource {
  private final Path cacheDirectory;
  private final SpecDefaults defaults;
  private final VariantSettings variants;

  public EmbeddedSource(Path cacheDirectory, SpecDefaults defaults, VariantSettings variants) {
    this.cacheDirectory = cacheDirectory;
    this.defaults = defaults;
    this.variants = variants;
  }

  @Override
  public List<Found> scan() {
    return List.of(embedded());
  }

  @Override
  public Optional<Found> find(String name) {
    return EmbeddedModel.NAME.equals(name) ? Optional.of(embedded()) : Optional.empty();
  }

  private Found embedded() {
    try {
      ModelSpec spec = defaults.apply(EmbeddedModel.allMiniLmL6V2(cacheDirectory));
      return new Found.Servable(
          EmbeddedModel.NAME, List.of(spec.withSettings(spec.settings().withVariants(variants))));
    } catch (EngineException refused) {
      return new Found.Refused(EmbeddedModel.NAME, String.valueOf(refused.getMessage()));
    }
  }
}
