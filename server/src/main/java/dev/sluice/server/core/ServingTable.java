// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of models answer requests now. Immutable; the catalog replaces it whole.
 *
 * @param models by name, then version
 * @param waiting models that are known but do not serve, by name, with the reason
 * @param incomplete why a model that is in neither may exist all the same; empty if it cannot
 */
record ServingTable(
    Map<String, NavigableMap<Long, VersionVariants>> models,
    Map<String, String> waiting,
    String incomplete) {
  private static final int MOST_OFFERED = 10;

  ServingTable {
    models = Map.copyOf(models);
    waiting = Map.copyOf(waiting);
  }

  /** The version that a request for that name and version is meant for. */
  VersionVariants find(String name, String version) {
    NavigableMap<Long, VersionVariants> versions = models.get(name);
    if (versions == null) {
      throw absent(name);
    }
    if (version.isEmpty()) {
      return versions.lastEntry().getValue();
    }
    VersionVariants served = byVersion(versions, version);
    if (served == null) {
      throw Problems.notFound(
          "model '%s' has no version '%s'; it has %s".formatted(name, version, versions.keySet()));
    }
    return served;
  }

  private ProblemException absent(String name) {
    String reason = waiting.getOrDefault(name, incomplete);
    return reason.isEmpty()
        ? Problems.notFound("there is no model '%s'; %s".formatted(name, offer()))
        : Problems.unavailable("model '%s' is not ready: %s".formatted(name, reason));
  }

  /** The versions of a model that serve; empty if there are none. */
  NavigableMap<Long, VersionVariants> versions(String name) {
    return models.getOrDefault(name, Collections.emptyNavigableMap());
  }

  /** The name of the one embedding model, for requests that name none. */
  String onlyEmbedder() {
    List<Deployment> embedders =
        models.values().stream()
            .map(versions -> versions.lastEntry().getValue().own())
            .filter(Deployment.Embedding.class::isInstance)
            .toList();
    boolean later = !waiting.isEmpty() || !incomplete.isEmpty();
    if (embedders.isEmpty() && later) {
      throw Problems.unavailable("no embedding model is ready");
    }
    if (embedders.size() != 1) {
      throw Problems.invalid(
          "model",
          "name a model: this server has %d embedding models; %s"
              .formatted(embedders.size(), offer()));
    }
    return embedders.get(0).name();
  }

  private static @Nullable VersionVariants byVersion(
      NavigableMap<Long, VersionVariants> versions, String version) {
    // The exact decimal spelling only: "01" and "+1" name nothing.
    for (Map.Entry<Long, VersionVariants> entry : versions.entrySet()) {
      if (Long.toString(entry.getKey()).equals(version)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private String offer() {
    if (models.isEmpty()) {
      return "this server serves none";
    }
    String some =
        models.keySet().stream().sorted().limit(MOST_OFFERED).collect(Collectors.joining(", "));
    int more = models.size() - MOST_OFFERED;
    return "this server serves " + some + (more > 0 ? " and " + more + " more" : "");
  }
}
