// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which objectives each model has: its own, or those of {@link #EVERY} when it has no entry.
 * Immutable.
 */
public record Objectives(Map<String, List<Objective>> byModel) {
  /** Stands for every model without an entry of its own. */
  public static final String EVERY = "*";

  private static final int NEARLY_ALL = 90;

  public static final Objectives NONE = new Objectives(Map.of());

  public Objectives {
    Map<String, List<Objective>> copy = new HashMap<>();
    byModel.forEach((model, objectives) -> copy.put(model, List.copyOf(objectives)));
    byModel = Map.copyOf(copy);
  }

  public List<Objective> of(String model) {
    return byModel.getOrDefault(model, byModel.getOrDefault(EVERY, List.of()));
  }

  /**
   * How long the requests of a model should wait for a lane at the most, going by its objectives on
   * latency: half of the shortest bound that at least {@value #NEARLY_ALL} % have to keep, which
   * leaves the other half for everything else. An objective on fewer of them says nothing about the
   * longest waits. Empty without such an objective.
   */
  public Optional<Duration> targetWait(String model) {
    return of(model).stream()
        .filter(Objective.Latency.class::isInstance)
        .map(Objective.Latency.class::cast)
        .filter(latency -> latency.target().atLeast(NEARLY_ALL))
        .map(Objective.Latency::under)
        .min(Duration::compareTo)
        .map(under -> under.dividedBy(2));
  }

  /** The models that have objectives in an entry of their own, known or not. */
  public Set<String> named() {
    Set<String> named = new TreeSet<>();
    byModel.forEach(
        (model, objectives) -> {
          if (!model.equals(EVERY) && !objectives.isEmpty()) {
            named.add(model);
          }
        });
    return named;
  }
}
