// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.probe.LoadProbe;
import dev.sluice.models.probe.ProbeCache;
import dev.sluice.models.probe.ProbeResult;
import dev.sluice.models.repository.Fingerprint;
import dev.sluice.models.repository.ModelRepository;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a model pass the probe in a process of its own before this process touches it. */
final class ProbedLoader implements ModelLoader {
  private static final Logger log = LoggerFactory.getLogger(ProbedLoader.class);

  private final ModelLoader loader;
  private final LoadProbe probe;
  private final ProbeCache cache;
  private final List<ModelRepository> repositories;

  ProbedLoader(
      ModelLoader loader, LoadProbe probe, ProbeCache cache, List<ModelRepository> repositories) {
    this.loader = loader;
    this.probe = probe;
    this.cache = cache;
    this.repositories = List.copyOf(repositories);
  }

  @Override
  public LoadedModel load(ModelSpec spec) throws EngineException {
    if (probe(spec) instanceof ProbeResult.Failed failed) {
      throw new EngineException(failed.reason());
    }
    return loader.load(spec);
  }

  private ProbeResult probe(ModelSpec spec) throws EngineException {
    log.info(
        "model '{}' version {}: trying it in a process of its own", spec.name(), spec.version());
    try {
      return cache.probe(probe, spec, () -> contents(spec));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new EngineException("the server stopped while the model was being tried", stopped);
    } catch (Exception failed) {
      throw new EngineException("the model could not be tried: " + failed.getMessage(), failed);
    }
  }

  private Fingerprint contents(ModelSpec spec) throws IOException {
    for (ModelRepository repository : repositories) {
      Optional<Fingerprint> found = repository.contentFingerprint(spec.name());
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new NoSuchFileException("model '" + spec.name() + "' is gone");
  }
}
