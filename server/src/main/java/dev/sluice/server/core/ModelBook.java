// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.server.core.ModelStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the catalog knows of every model, and the table that requests are routed by.
 *
 * <p>Its own lock guards the entries. Every change makes a new immutable table and then tells the
 * listeners, outside of the lock.
 */
final class ModelBook {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile ServingTable table = ServingTable.EMPTY;

  @GuardedBy("this")
  private final Map<String, ModelEntry> entries = new TreeMap<>();

  @GuardedBy("this")
  private boolean started;

  @GuardedBy("this")
  private boolean draining;

  ServingTable table() {
    return table;
  }

  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  synchronized List<ModelStatus> index() {
    return entries.values().stream().flatMap(entry -> entry.statuses().stream()).toList();
  }

  /** Started, not draining, and (unless there is nothing to serve) at least one model serves. */
  synchronized boolean ready() {
    boolean serves = entries.isEmpty() || entries.values().stream().anyMatch(ModelEntry::serves);
    return started && !draining && serves;
  }

  /** Everything of the start has been loaded or given up. */
  void started() {
    synchronized (this) {
      started = true;
    }
    publish();
  }

  void beginDrain() {
    synchronized (this) {
      draining = true;
    }
    publish();
  }

  /** Shows versions as loading before their turn comes. */
  void announce(String name, List<ModelSpec> specs) {
    synchronized (this) {
      ModelEntry entry = entry(name);
      specs.forEach(spec -> entry.mark(spec.version(), State.LOADING, ""));
    }
    publish();
  }

  void refuse(String name, String reason) {
    synchronized (this) {
      entry(name).refuse(reason);
    }
    publish();
  }

  /** Takes the outcome of a load; returns the deployment that it replaces. */
  Optional<Deployment> settle(String name, long version, Deployer.Outcome outcome) {
    Optional<Deployment> replaced;
    synchronized (this) {
      replaced = entry(name).settle(version, outcome);
    }
    publish();
    return replaced;
  }

  /** Drops the versions that are not listed; returns those that served. */
  List<Deployment> keepOnly(String name, List<Long> versions) {
    List<Deployment> gone;
    synchronized (this) {
      gone = entry(name).keepOnly(versions);
    }
    publish();
    return gone;
  }

  /** Takes a model out of service; empty if there is none of that name. */
  Optional<List<Deployment>> unload(String name) {
    Optional<List<Deployment>> served;
    synchronized (this) {
      served = Optional.ofNullable(entries.get(name)).map(ModelEntry::unload);
    }
    publish();
    return served;
  }

  /** Everything that {@link #unload} took out of service is freed. */
  void unloaded(String name) {
    synchronized (this) {
      Optional.ofNullable(entries.get(name)).ifPresent(ModelEntry::unloaded);
    }
    publish();
  }

  void forget(String name) {
    synchronized (this) {
      entries.remove(name);
    }
    publish();
  }

  /** Takes everything out of service; returns what served. */
  List<Deployment> clear() {
    List<Deployment> served = new ArrayList<>();
    synchronized (this) {
      for (ModelEntry entry : entries.values()) {
        served.addAll(entry.unload());
      }
      entries.clear();
    }
    publish();
    return served;
  }

  @GuardedBy("this")
  private ModelEntry entry(String name) {
    return entries.computeIfAbsent(name, ModelEntry::new);
  }

  private void publish() {
    synchronized (this) {
      Map<String, NavigableMap<Long, Deployment>> serving = new TreeMap<>();
      Map<String, String> waiting = new TreeMap<>();
      for (ModelEntry entry : entries.values()) {
        if (entry.serves()) {
          serving.put(entry.name(), entry.serving());
        } else {
          waiting.put(entry.name(), entry.summary());
        }
      }
      table = new ServingTable(serving, waiting);
    }
    listeners.forEach(Runnable::run);
  }
}
