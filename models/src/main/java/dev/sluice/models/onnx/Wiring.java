// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which node makes and which nodes read a value. */
final class Wiring {
  /** Nodes with the order in which they came. */
  private final Map<OnnxNode, Long> nodes = new LinkedHashMap<>();

  private final Map<String, OnnxNode> makers = new HashMap<>();
  private final Map<String, Set<OnnxNode>> readers = new HashMap<>();
  private @Nullable List<OnnxNode> order;
  private long added;

  void add(OnnxNode node) {
    nodes.put(node, added++);
    node.outputs().stream().filter(value -> !value.isEmpty()).forEach(v -> makers.put(v, node));
    reads(node).forEach(value -> readersOf(value).add(node));
    order = null;
  }

  void remove(OnnxNode node) {
    if (nodes.remove(node) == null) {
      throw new IllegalArgumentException(node + " is not in the graph");
    }
    node.outputs().forEach(value -> makers.remove(value, node));
    reads(node).forEach(value -> readersOf(value).remove(node));
    order = null;
  }

  /** Lets the node read another value at every place where it reads that one by itself. */
  void repoint(OnnxNode node, String value, String other) {
    for (int place = 0; place < node.inputs().size(); place++) {
      if (node.input(place).equals(value)) {
        node.setInput(place, other);
      }
    }
    if (!node.captured().contains(value)) {
      readersOf(value).remove(node);
    }
    readersOf(other).add(node);
    order = null;
  }

  private Set<OnnxNode> readersOf(String value) {
    return readers.computeIfAbsent(value, v -> new LinkedHashSet<>());
  }

  private static Stream<String> reads(OnnxNode node) {
    return Stream.concat(node.inputs().stream(), node.captured().stream())
        .filter(value -> !value.isEmpty())
        .distinct();
  }

  @Nullable OnnxNode maker(String value) {
    return makers.get(value);
  }

  /** Nodes whose nested graphs read it are among them. */
  List<OnnxNode> readers(String value) {
    Set<OnnxNode> found = readers.get(value);
    return found == null ? List.of() : List.copyOf(found);
  }

  boolean isRead(String value) {
    Set<OnnxNode> found = readers.get(value);
    return found != null && !found.isEmpty();
  }

  /**
   * Every node after those that it reads from, and otherwise in the order in which they came. Nodes
   * that are in a circle, or read from one, are left out.
   */
  List<OnnxNode> order() {
    List<OnnxNode> known = order;
    if (known == null) {
      known = Collections.unmodifiableList(sort());
      order = known;
    }
    return known;
  }

  /** In the order in which they came. */
  Set<OnnxNode> nodes() {
    return Collections.unmodifiableSet(nodes.keySet());
  }

  private List<OnnxNode> sort() {
    Map<OnnxNode, Integer> missing = new HashMap<>();
    PriorityQueue<Map.Entry<OnnxNode, Long>> ready =
        new PriorityQueue<>(Map.Entry.comparingByValue());
    for (Map.Entry<OnnxNode, Long> entry : nodes.entrySet()) {
      int made = (int) reads(entry.getKey()).filter(makers::containsKey).count();
      missing.put(entry.getKey(), made);
      if (made == 0) {
        ready.add(entry);
      }
    }
    List<OnnxNode> sorted = new ArrayList<>(nodes.size());
    for (Map.Entry<OnnxNode, Long> next = ready.poll(); next != null; next = ready.poll()) {
      sorted.add(next.getKey());
      for (String value : next.getKey().outputs()) {
        for (OnnxNode reader : readers(value)) {
          if (missing.merge(reader, -1, Integer::sum) == 0) {
            ready.add(Map.entry(reader, nodes.getOrDefault(reader, 0L)));
          }
        }
      }
    }
    return sorted;
  }
}
