// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** All samples, by callers and way. */
final class Results {
  private final SortedMap<Integer, Map<Way, List<Sample>>> samples = new TreeMap<>();

  void add(int callers, Way way, Sample sample) {
    samples
        .computeIfAbsent(callers, none -> new EnumMap<>(Way.class))
        .computeIfAbsent(way, none -> new ArrayList<>())
        .add(sample);
  }

  List<Integer> callers() {
    return List.copyOf(samples.keySet());
  }

  List<Way> ways(int callers) {
    return List.copyOf(samples.getOrDefault(callers, Map.of()).keySet());
  }

  Spread of(int callers, Way way, ToDoubleFunction<Sample> figure) {
    List<Sample> seen = samples.getOrDefault(callers, Map.of()).getOrDefault(way, List.of());
    return Spread.of(seen.stream().mapToDouble(figure).boxed().toList());
  }
}
