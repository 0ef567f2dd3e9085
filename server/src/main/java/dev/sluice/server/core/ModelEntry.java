// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.server.core.ModelStatus.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog knows of one model: per version what serves, its state, and why not.
 *
 * <p>Guarded by the catalog's lock. A version moves LOADING -> READY or UNAVAILABLE, READY ->
 * LOADING while a newer load of it is tried (the running one keeps serving), READY -> UNLOADING ->
 * UNAVAILABLE.
 */
final class ModelEntry {
  private final String name;
  private final NavigableMap<Long, Slot> slots = new TreeMap<>();
  private String refusal = "";

  ModelEntry(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean serves() {
    return slots.values().stream().anyMatch(slot -> slot.deployment != null);
  }

  NavigableMap<Long, Deployment> serving() {
    NavigableMap<Long, Deployment> serving = new TreeMap<>();
    slots.forEach(
        (version, slot) -> {
          if (slot.deployment != null) {
            serving.put(version, slot.deployment);
          }
        });
    return serving;
  }

  Collection<Deployment> deployments() {
    return serving().values();
  }

  void mark(long version, State state, String reason) {
    refusal = "";
    Slot slot = slots.computeIfAbsent(version, v -> new Slot());
    slot.state = state;
    slot.reason = reason;
  }

  /** The model as a whole cannot be loaded as it is on disk now. */
  void refuse(String reason) {
    refusal = reason;
  }

  /** Takes the outcome of a load; returns the deployment that it replaces. */
  Optional<Deployment> settle(long version, Deployer.Outcome outcome) {
    Slot slot = slots.computeIfAbsent(version, v -> new Slot());
    return switch (outcome) {
      case Deployer.Outcome.Serving serving -> {
        Optional<Deployment> before = Optional.ofNullable(slot.deployment);
        slot.deployment = serving.deployment();
        slot.state = State.READY;
        slot.reason = "";
        yield before;
      }
      case Deployer.Outcome.Failed failed -> {
        boolean stillServes = slot.deployment != null;
        slot.state = stillServes ? State.READY : State.UNAVAILABLE;
        slot.reason =
            stillServes
                ? "serving as loaded before; the newer files failed: " + failed.reason()
                : failed.reason();
        yield Optional.empty();
      }
    };
  }

  /** Drops the versions that are not listed; returns those that served. */
  List<Deployment> keepOnly(List<Long> versions) {
    List<Deployment> gone = new ArrayList<>();
    slots
        .entrySet()
        .removeIf(
            entry -> {
              if (versions.contains(entry.getKey())) {
                return false;
              }
              if (entry.getValue().deployment != null) {
                gone.add(entry.getValue().deployment);
              }
              return true;
            });
    return gone;
  }

  /** Takes everything out of service; returns what served. */
  List<Deployment> unload() {
    List<Deployment> served = new ArrayList<>(deployments());
    for (Slot slot : slots.values()) {
      if (slot.deployment != null) {
        slot.deployment = null;
        slot.state = State.UNLOADING;
        slot.reason = "";
      }
    }
    return served;
  }

  void unloaded() {
    for (Slot slot : slots.values()) {
      if (slot.state == State.UNLOADING) {
        slot.state = State.UNAVAILABLE;
        slot.reason = "unloaded";
      }
    }
  }

  List<ModelStatus> statuses() {
    List<ModelStatus> statuses = new ArrayList<>();
    slots.forEach(
        (version, slot) ->
            statuses.add(
                new ModelStatus(
                    name,
                    Long.toString(version),
                    slot.state,
                    slot.reason.isEmpty() ? refusal : slot.reason)));
    if (statuses.isEmpty()) {
      statuses.add(new ModelStatus(name, "", State.UNAVAILABLE, refusal));
    }
    return statuses;
  }

  /** Why nothing of it serves, in one line. */
  String summary() {
    if (!refusal.isEmpty()) {
      return refusal;
    }
    return slots.values().stream()
        .map(
            slot ->
                slot.reason.isEmpty()
                    ? slot.state.name().toLowerCase(java.util.Locale.ROOT)
                    : slot.reason)
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static final class Slot {
    private @Nullable Deployment deployment;
    private State state = State.LOADING;
    private String reason = "";
  }
}
