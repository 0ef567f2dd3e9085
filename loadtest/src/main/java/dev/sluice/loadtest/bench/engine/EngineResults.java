// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import dev.sluice.loadtest.bench.engine.EngineBench.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Tokens per second and the machine's peak of every round, in the order measured. */
final class EngineResults {
  private final Map<Entry, List<Double>> rounds = new LinkedHashMap<>();

  private final Map<Integer, List<Ceiling>> ceilings = new LinkedHashMap<>();

  void add(int length, Ceiling ceiling) {
    ceilings.computeIfAbsent(length, none -> new ArrayList<>()).add(ceiling);
  }

  void add(Entry entry, double tokensPerSecond) {
    rounds.computeIfAbsent(entry, none -> new ArrayList<>()).add(tokensPerSecond);
  }

  List<Integer> lengths() {
    return rounds.keySet().stream().map(Entry::length).distinct().toList();
  }

  List<Entry> entries(int length) {
    return rounds.keySet().stream().filter(entry -> entry.length() == length).toList();
  }

  /** At least one. */
  List<Double> of(Entry entry) {
    return rounds.getOrDefault(entry, List.of());
  }

  /** How many times as fast one was as another in the same round. */
  List<Double> ratios(Entry entry, Entry other) {
    List<Double> mine = of(entry);
    List<Double> others = of(other);
    return IntStream.range(0, mine.size()).mapToObj(i -> mine.get(i) / others.get(i)).toList();
  }

  /** How much of what the machine could do in the same round. */
  List<Double> shares(Entry entry) {
    List<Double> mine = of(entry);
    List<Ceiling> most = ceilings.getOrDefault(entry.length(), List.of());
    boolean quantized = entry.contender().kind().int8();
    return IntStream.range(0, mine.size())
        .mapToObj(i -> mine.get(i) / most.get(i).tokensPerSecond(quantized, entry.length()))
        .toList();
  }

  List<Ceiling> ceilings() {
    return ceilings.values().stream().flatMap(List::stream).toList();
  }
}
