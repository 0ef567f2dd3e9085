// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.server.core.ModelStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog knows of one model: per version what serves, its state, and why not.
 *
 * <p>Guarded by the lock of its {@link ModelBook}. A version moves LOADING -> READY or UNAVAILABLE,
 * READY -> LOADING while a newer load of it is tried (the running one keeps serving), READY ->
 * UNLOADING -> UNAVAILABLE, and back to LOADING from any of them.
 */
final class ModelEntry {
  private static final String KEPT = "serving as loaded before; the newer files failed: ";

  private final String name;
  private final NavigableMap<Long, Slot> slots = new TreeMap<>();
  private String refusal = "";

  /** Unloads whose versions are not all freed. */
  private int unloads;

  private boolean leaving;

  ModelEntry(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean serves() {
    return slots.values().stream().anyMatch(slot -> slot.served != null);
  }

  /** Why something of it works again only when the server is started anew. */
  Optional<String> lost() {
    return serving().values().stream().flatMap(version -> version.lost().stream()).findFirst();
  }

  NavigableMap<Long, VersionVariants> serving() {
    NavigableMap<Long, VersionVariants> serving = new TreeMap<>();
    slots.forEach(
        (version, slot) -> {
          if (slot.served != null) {
            serving.put(version, slot.served);
          }
        });
    return serving;
  }

  void announce(long version) {
    refusal = "";
    leaving = false;
    slot(version).become(State.LOADING, "");
  }

  void refuse(String reason) {
    refusal = reason;
    leaving = false;
    // Which versions there would be cannot be told from files that make no sense.
    slots.values().removeIf(slot -> slot.served == null && slot.state != State.UNLOADING);
  }

  void failed(long version, String reason) {
    Slot slot = slot(version);
    if (slot.served == null) {
      slot.become(State.UNAVAILABLE, reason);
    } else {
      slot.become(State.READY, KEPT + reason);
    }
  }

  /** Puts a version into service; returns the one that it replaces. */
  Optional<VersionVariants> serve(VersionVariants served) {
    Slot slot = slot(served.own().spec().version());
    Optional<VersionVariants> before = Optional.ofNullable(slot.served);
    slot.served = served;
    slot.become(State.READY, "");
    return before;
  }

  /** Drops the versions that are not listed; returns those that served. */
  List<VersionVariants> keepOnly(List<Long> versions) {
    NavigableMap<Long, VersionVariants> gone = serving();
    versions.forEach(gone::remove);
    slots.keySet().retainAll(versions);
    return List.copyOf(gone.values());
  }

  /** Takes everything out of service; returns what served. {@link #unloaded} is to follow. */
  List<VersionVariants> unload() {
    unloads++;
    List<VersionVariants> served = new ArrayList<>(serving().values());
    for (Slot slot : slots.values()) {
      if (slot.served != null) {
        slot.served = null;
        slot.become(State.UNLOADING, "");
      }
    }
    return served;
  }

  /** What an {@link #unload} took out of service is freed. */
  void unloaded() {
    unloads--;
    if (unloads == 0) {
      slots.values().stream()
          .filter(slot -> slot.state == State.UNLOADING)
          .forEach(slot -> slot.become(State.UNAVAILABLE, "unloaded"));
    }
  }

  /** Its files are gone. */
  void leave() {
    leaving = true;
  }

  /** Whether its files are gone and have not come back. */
  boolean gone() {
    return leaving;
  }

  List<ModelStatus> statuses() {
    if (slots.isEmpty()) {
      return List.of(new ModelStatus(name, "", State.UNAVAILABLE, refusal));
    }
    List<ModelStatus> statuses = new ArrayList<>();
    slots.forEach(
        (version, slot) ->
            statuses.add(
                new ModelStatus(
                    name,
                    Long.toString(version),
                    slot.lost().isPresent() ? State.UNAVAILABLE : slot.state,
                    slot.lost().isPresent() ? DeviceLoss.TOLD : reason(slot),
                    slot.loadedMillis())));
    return statuses;
  }

  private String reason(Slot slot) {
    if (refusal.isEmpty()) {
      return slot.reason;
    }
    return slot.served == null ? refusal : KEPT + refusal;
  }

  /** Why nothing of it serves, in one line. */
  String summary() {
    if (!refusal.isEmpty()) {
      return refusal;
    }
    return slots.values().stream().map(Slot::summary).distinct().collect(Collectors.joining("; "));
  }

  private Slot slot(long version) {
    return slots.computeIfAbsent(version, v -> new Slot());
  }

  private static final class Slot {
    private @Nullable VersionVariants served;
    private State state = State.LOADING;
    private String reason = "";

    long loadedMillis() {
      return served == null ? 0 : served.own().statistics().loadedMillis();
    }

    /** Why what serves cannot, unless something newer is being loaded. */
    Optional<String> lost() {
      return served == null || state != State.READY ? Optional.empty() : served.lost();
    }

    void become(State next, String why) {
      state = next;
      reason = why;
    }

    String summary() {
      return reason.isEmpty() ? state.name().toLowerCase(Locale.ROOT) : reason;
    }
  }
}
