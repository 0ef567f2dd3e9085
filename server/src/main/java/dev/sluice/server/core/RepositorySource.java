// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.repository.Fingerprint;
import dev.sluice.models.repository.Found;
import dev.sluice.models.repository.ModelRepository;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of one or more repositories. A name that two of them hold is served from the first.
 * Throws {@link UncheckedIOException} when a repository cannot be read.
 */
public final class RepositorySource implements ModelSource {
  private static final Logger log = LoggerFactory.getLogger(RepositorySource.class);

  private final List<ModelRepository> repositories;
  private final SpecDefaults defaults;
  private final boolean allowTorchScript;

  public RepositorySource(
      List<ModelRepository> repositories, SpecDefaults defaults, boolean allowTorchScript) {
    this.repositories = List.copyOf(repositories);
    this.defaults = defaults;
    this.allowTorchScript = allowTorchScript;
  }

  @Override
  public List<Found> scan() {
    Map<String, Found> byName = new TreeMap<>();
    try {
      for (ModelRepository repository : repositories) {
        for (Found found : repository.scan()) {
          if (byName.putIfAbsent(found.name(), judge(found)) != null) {
            log.warn(
                "model '{}' is in several repositories; the first one's is served", found.name());
          }
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return new ArrayList<>(byName.values());
  }

  @Override
  public Optional<Found> find(String name) {
    try {
      for (ModelRepository repository : repositories) {
        Optional<Found> found = repository.find(name);
        if (found.isPresent()) {
          return found.map(this::judge);
        }
      }
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What tells one state of each model's files from another. */
  Map<String, Fingerprint> fingerprints() {
    Map<String, Fingerprint> all = new HashMap<>();
    try {
      for (ModelRepository repository : repositories) {
        repository.fingerprints().forEach(all::putIfAbsent);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return all;
  }

  private Found judge(Found found) {
    if (!(found instanceof Found.Servable servable)) {
      return found;
    }
    boolean torchScript =
        servable.specs().stream().anyMatch(spec -> spec.engine() == EngineKind.PYTORCH);
    if (torchScript && !allowTorchScript) {
      return new Found.Refused(
          found.name(), "it is TorchScript, which models.allow-torchscript turns off");
    }
    List<ModelSpec> specs = servable.specs().stream().map(defaults::apply).toList();
    return new Found.Servable(found.name(), specs);
  }
}
