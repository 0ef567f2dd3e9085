// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The requests of one model, all its versions and variants together: one sliding window for each
 * length that its objectives ask for, with durations (which take the memory) only where one is
 * about them. Not thread-safe.
 */
final class ModelWindows {
  private final List<Objective> objectives;
  private final Map<Long, SlidingWindow> byNanos = new TreeMap<>();
  private final Set<Long> withDurations = new HashSet<>();

  ModelWindows(List<Objective> objectives) {
    this.objectives = objectives;
    for (Objective objective : objectives) {
      long length = objective.window().toNanos();
      byNanos.computeIfAbsent(length, SlidingWindow::new);
      if (objective instanceof Objective.Latency) {
        withDurations.add(length);
      }
    }
  }

  void add(long nanos, Events events) {
    Events counts = events.withoutDurations();
    byNanos.forEach(
        (length, window) -> window.add(nanos, withDurations.contains(length) ? events : counts));
  }

  boolean emptyAt(long nanos) {
    return byNanos.values().stream().allMatch(window -> window.emptyAt(nanos));
  }

  List<SloReport.Status> judge(long nanos) {
    Map<Long, Sums> sums = new TreeMap<>();
    byNanos.forEach((length, window) -> sums.put(length, Sums.of(window, nanos)));
    return objectives.stream()
        .map(
            objective -> {
              Sums of = sums.getOrDefault(objective.window().toNanos(), Sums.NONE);
              return Judge.status(objective, of.whole(), of.recent());
            })
        .toList();
  }

  /** Made once for all objectives over the same window. */
  private record Sums(Events whole, Events recent) {
    static final Sums NONE = new Sums(Events.NONE, Events.NONE);

    static Sums of(SlidingWindow window, long nanos) {
      return new Sums(
          window.newest(SlidingWindow.SLOTS, nanos),
          window.newest(SlidingWindow.SHORT_SLOTS, nanos));
    }
  }
}
