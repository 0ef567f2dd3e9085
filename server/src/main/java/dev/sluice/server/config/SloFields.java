// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The keys of one objective; remembers whether anything about them is wrong. Not thread-safe. */
final class SloFields {
  private final String path;
  private final MappingNode map;
  private final Nodes nodes;
  private final Problems problems;
  private final Map<String, Node> found = new LinkedHashMap<>();
  private boolean wrong;

  /**
   * @param path what messages call the objective
   */
  SloFields(String path, MappingNode map, List<String> known, Nodes nodes, Problems problems) {
    this.path = path;
    this.map = map;
    this.nodes = nodes;
    this.problems = problems;
    for (NodeTuple entry : map.getValue()) {
      Optional<String> name = nodes.name(entry.getKeyNode(), path + ".");
      wrong |= name.isEmpty();
      name.ifPresent(full -> take(full.substring(path.length() + 1), entry, known));
    }
  }

  private void take(String key, NodeTuple entry, List<String> known) {
    if (known.contains(key)) {
      found.put(key, entry.getValueNode());
    } else {
      complain(
          entry.getKeyNode(),
          "." + key,
          "is not a key of an objective" + Suggestions.didYouMean(Suggestions.nearest(key, known)));
    }
  }

  boolean has(String key) {
    return found.containsKey(key);
  }

  boolean wrong() {
    return wrong;
  }

  /** The value of a key that must be there. */
  <T> Optional<T> need(String key, ValueType<T> type) {
    if (!has(key)) {
      complain(map, "", "lacks " + key + ": " + type.expected());
    }
    return get(key, type);
  }

  /** The value of a key; empty when there is none, and when it is wrong. */
  <T> Optional<T> get(String key, ValueType<T> type) {
    Node node = found.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof ScalarNode scalar) || !Nodes.plain(node) || Nodes.isNull(node)) {
      complain(node, "." + key, "expects " + type.expected());
      return Optional.empty();
    }
    Optional<T> value = type.parse(List.of(scalar.getValue()));
    if (value.isEmpty()) {
      complain(
          node,
          "." + key,
          "expects " + type.expected() + ", not " + Messages.quote(scalar.getValue()));
    }
    return value;
  }

  /** About a key (after a dot), or the whole objective. */
  void complain(Node where, String key, String what) {
    wrong = true;
    problems.add(nodes.at(where), path + key, what);
  }
}
