// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** What is asked of every node of a configuration file, wherever it stands. Not thread-safe. */
final class Nodes {
  private static final Set<Tag> PLAIN_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP, Tag.NULL);

  private final Path file;
  private final Problems problems;
  private final Map<String, Integer> firstLines = new HashMap<>();

  Nodes(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * The full key that a key node stands for, unless it is no word or stands there a second time.
   */
  Optional<String> name(Node node, String prefix) {
    if (!(node instanceof ScalarNode scalar) || !plain(node)) {
      problems.add(at(node), "a key", "must be a word");
      return Optional.empty();
    }
    String key = prefix + scalar.getValue();
    int line = at(node).line();
    Integer first = firstLines.putIfAbsent(key, line);
    if (first != null) {
      problems.add(at(node), key, "is given twice, first in line " + first);
      return Optional.empty();
    }
    return Optional.of(key);
  }

  Source.File at(Node node) {
    return new Source.File(file, node.getStartMark().getLine() + 1);
  }

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** No tag that names something to build. */
  static boolean plain(Node node) {
    return PLAIN_TAGS.contains(node.getTag());
  }

  static String tag(Node node) {
    return node.getTag().getValue();
  }
}
