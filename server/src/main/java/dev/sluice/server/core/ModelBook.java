// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.models.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the catalog knows of every model, and the table that requests are routed by.
 *
 * <p>Its own lock guards the entries. Every change makes a new immutable table and then tells the
 * listeners, outside of the lock. Once closed it stays empty whatever comes.
 */
final class ModelBook {
  private static final Logger log = LoggerFactory.getLogger(ModelBook.class);

  private enum Phase {
    /** Not everything of the start has had its turn. Goes to STARTED, DRAINING or CLOSED. */
    STARTING("the server is starting"),
    /** Goes to DRAINING or CLOSED. */
    STARTED(""),
    /** Never ready again; still loads and unloads. Goes to CLOSED. */
    DRAINING("the server is shutting down"),
    /** Nothing serves, nothing can be added. */
    CLOSED("the server is shutting down");

    private final String incomplete;

    Phase(String incomplete) {
      this.incomplete = incomplete;
    }
  }

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile ServingTable table =
      new ServingTable(Map.of(), Map.of(), Phase.STARTING.incomplete);

  @GuardedBy("this")
  private final Map<String, ModelEntry> entries = new TreeMap<>();

  @GuardedBy("this")
  private Phase phase = Phase.STARTING;

  ServingTable table() {
    return table;
  }

  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  synchronized List<ModelStatus> index() {
    return entries.values().stream().flatMap(entry -> entry.statuses().stream()).toList();
  }

  /**
   * Started, not draining, (unless there is nothing to serve) at least one model serves, and none
   * has lost what it runs on.
   */
  synchronized boolean ready() {
    boolean serves = entries.isEmpty() || entries.values().stream().anyMatch(ModelEntry::serves);
    return phase == Phase.STARTED && serves && lost().isEmpty();
  }

  /** Why this process must be started again to serve all that it should; empty if it need not. */
  synchronized Optional<String> lost() {
    return entries.values().stream()
        .flatMap(entry -> entry.lost().map(why -> "model '" + entry.name() + "': " + why).stream())
        .findFirst();
  }

  /** Everything of the start has been loaded or given up. */
  void started() {
    advance(Phase.STARTED);
  }

  void beginDrain() {
    advance(Phase.DRAINING);
  }

  synchronized boolean closed() {
    return phase == Phase.CLOSED;
  }

  /** Shows versions as loading before their turn comes. */
  void announce(String name, List<ModelSpec> specs) {
    change(
        name,
        entry -> {
          specs.forEach(spec -> entry.announce(spec.version()));
          return Optional.empty();
        });
  }

  /** The model as a whole cannot be loaded as it is on disk now; what serves goes on. */
  void refuse(String name, String reason) {
    change(
        name,
        entry -> {
          entry.refuse(reason);
          return Optional.empty();
        });
  }

  void failed(String name, long version, String reason) {
    change(
        name,
        entry -> {
          entry.failed(version, reason);
          return Optional.empty();
        });
  }

  /**
   * Puts a version into service.
   *
   * @return what is to be retired: the one that it replaces; after the close, itself
   */
  Optional<VersionVariants> serve(VersionVariants version) {
    Optional<VersionVariants> replaced;
    synchronized (this) {
      if (phase == Phase.CLOSED) {
        return Optional.of(version);
      }
      String name = version.own().name();
      replaced = entries.computeIfAbsent(name, ModelEntry::new).serve(version);
    }
    publish();
    version.onLoss(this::publish);
    return replaced;
  }

  /** Drops the versions that are not listed; returns those that served. */
  List<VersionVariants> keepOnly(String name, List<Long> versions) {
    return change(name, entry -> Optional.of(entry.keepOnly(versions))).orElse(List.of());
  }

  /** Takes a model out of service; empty if there is none of that name. */
  Optional<List<VersionVariants>> unload(String name) {
    Optional<List<VersionVariants>> served;
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

  /** The model's files are gone; {@link #forget} is to follow. */
  synchronized void leave(String name) {
    Optional.ofNullable(entries.get(name)).ifPresent(ModelEntry::leave);
  }

  /** Takes a model that has left out of the index, unless it has come back. */
  void forget(String name) {
    synchronized (this) {
      Optional.ofNullable(entries.get(name))
          .filter(ModelEntry::gone)
          .ifPresent(entry -> entries.remove(name));
    }
    publish();
  }

  /** Takes everything out of service for good; returns what served. */
  List<VersionVariants> close() {
    List<VersionVariants> served = new ArrayList<>();
    synchronized (this) {
      phase = Phase.CLOSED;
      entries.values().forEach(entry -> served.addAll(entry.unload()));
      entries.clear();
    }
    publish();
    return served;
  }

  private void advance(Phase next) {
    synchronized (this) {
      if (next.compareTo(phase) > 0) {
        phase = next;
      }
    }
    publish();
  }

  /** Changes an entry, which is made if there is none; does nothing after the close. */
  private <T> Optional<T> change(String name, Function<ModelEntry, Optional<T>> step) {
    Optional<T> result;
    synchronized (this) {
      if (phase == Phase.CLOSED) {
        return Optional.empty();
      }
      result = step.apply(entries.computeIfAbsent(name, ModelEntry::new));
    }
    publish();
    return result;
  }

  private void publish() {
    synchronized (this) {
      Map<String, NavigableMap<Long, VersionVariants>> serving = new TreeMap<>();
      Map<String, String> waiting = new TreeMap<>();
      for (ModelEntry entry : entries.values()) {
        if (entry.serves()) {
          serving.put(entry.name(), entry.serving());
        } else {
          waiting.put(entry.name(), entry.summary());
        }
      }
      table = new ServingTable(serving, waiting, phase.incomplete);
    }
    listeners.forEach(ModelBook::tell);
  }

  /** A listener that fails must not keep the change from being carried through. */
  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException failed) {
      log.error("somebody could not be told of a change of the models", failed);
    }
  }
}
