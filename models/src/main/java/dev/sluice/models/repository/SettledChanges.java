// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says which models changed, once their files held still. A folder that is still being written
 * differs from one poll to the next and is not reported until two successive polls agree. Each
 * change is reported once. For one thread.
 */
public final class SettledChanges {
  /** Names in order; a name stands in one set at the most. */
  public record Changes(Set<String> added, Set<String> changed, Set<String> removed) {
    public boolean isEmpty() {
      return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
  }

  private final Map<String, Fingerprint> reported;
  private Map<String, Fingerprint> previous;

  /** Starts from what is loaded already. */
  public SettledChanges(Map<String, Fingerprint> loaded) {
    this.reported = new HashMap<>(loaded);
    this.previous = Map.copyOf(loaded);
  }

  /** Takes what a poll saw and says what is new since the last report and holds still. */
  public Changes poll(Map<String, Fingerprint> seen) {
    Changes changes = new Changes(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    Set<String> names = new TreeSet<>(seen.keySet());
    names.addAll(reported.keySet());
    for (String name : names) {
      if (Objects.equals(seen.get(name), previous.get(name))) {
        report(name, seen, changes);
      }
    }
    previous = Map.copyOf(seen);
    return changes;
  }

  private void report(String name, Map<String, Fingerprint> seen, Changes changes) {
    Fingerprint now = seen.get(name);
    Fingerprint before = reported.get(name);
    if (now == null) {
      if (reported.remove(name) != null) {
        changes.removed().add(name);
      }
    } else if (before == null) {
      reported.put(name, now);
      changes.added().add(name);
    } else if (!before.equals(now)) {
      reported.put(name, now);
      changes.changed().add(name);
    }
  }
}
