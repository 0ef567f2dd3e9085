// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** What a configuration file says: a map of sections, each a map of names to values. */
final class FileLayer {
  private static final Set<Tag> PLAIN_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP, Tag.NULL);

  private final Path file;
  private final Problems problems;
  private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();
  private final Set<String> sections = new TreeSet<>();
  private final Map<String, Integer> firstLines = new HashMap<>();
  private final Map<Setting<?>, Given> found = new HashMap<>();

  private FileLayer(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
    for (Setting<?> setting : Settings.ALL) {
      byKey.put(setting.key(), setting);
      sections.add(setting.section());
    }
  }

  static Map<Setting<?>, Given> read(Path file, Problems problems) {
    FileLayer layer = new FileLayer(file, problems);
    ConfigFile.parse(file, problems).ifPresent(layer::top);
    return layer.found;
  }

  private void top(Node node) {
    if (isNull(node)) {
      return;
    }
    if (!(node instanceof MappingNode map) || !plain(node)) {
      problems.add(at(node), "the file", "must be a map of sections");
      return;
    }
    for (NodeTuple entry : map.getValue()) {
      name(entry.getKeyNode(), "").ifPresent(name -> section(name, entry));
    }
  }

  private void section(String section, NodeTuple entry) {
    Node value = entry.getValueNode();
    if (byKey.containsKey(section)) { // written in full, as the printed messages write it
      setting(section, entry);
    } else if (!sections.contains(section)) {
      unknown(section, entry.getKeyNode(), value);
    } else if (value instanceof MappingNode map && plain(value)) {
      for (NodeTuple inner : map.getValue()) {
        name(inner.getKeyNode(), section + ".").ifPresent(key -> setting(key, inner));
      }
    } else if (!isNull(value)) {
      problems.add(at(value), section, "must be a map of settings");
    }
  }

  private void setting(String key, NodeTuple entry) {
    Setting<?> setting = byKey.get(key);
    if (setting == null) {
      unknown(key, entry.getKeyNode(), entry.getValueNode());
      return;
    }
    texts(setting, entry.getValueNode())
        .ifPresent(texts -> found.put(setting, new Given(texts, at(entry.getKeyNode()))));
  }

  private Optional<List<String>> texts(Setting<?> setting, Node value) {
    if (isNull(value)) {
      return wrong(setting, value, "nothing");
    }
    if (!plain(value)) {
      return wrong(setting, value, "a value with the tag " + Messages.quote(tag(value)));
    }
    return switch (value) {
      case ScalarNode scalar -> Optional.of(List.of(scalar.getValue()));
      case SequenceNode list when setting.type().many() -> items(setting, list);
      case SequenceNode list -> wrong(setting, list, "a list");
      default -> wrong(setting, value, "a map");
    };
  }

  private Optional<List<String>> items(Setting<?> setting, SequenceNode list) {
    List<String> texts = new ArrayList<>();
    for (Node item : list.getValue()) {
      if (!(item instanceof ScalarNode scalar) || isNull(item) || !plain(item)) {
        return wrong(setting, item, "a list that holds something else");
      }
      texts.add(scalar.getValue());
    }
    return Optional.of(texts);
  }

  private Optional<List<String>> wrong(Setting<?> setting, Node value, String got) {
    problems.add(at(value), setting.key(), "expects " + setting.type().expected() + ", not " + got);
    return Optional.empty();
  }

  /**
   * The full key that a key node stands for, unless it is no word or stands there a second time.
   */
  private Optional<String> name(Node node, String prefix) {
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

  private void unknown(String key, Node node, Node value) {
    boolean mayBeSection = value instanceof MappingNode;
    Optional<String> nearest =
        mayBeSection && !key.contains(".")
            ? Suggestions.nearest(key, sections)
            : Suggestions.nearestKey(key, byKey.keySet());
    String kind = mayBeSection && !key.contains(".") ? "section" : "setting";
    problems.add(at(node), key, "is not a " + kind + Suggestions.didYouMean(nearest));
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static boolean plain(Node node) {
    return PLAIN_TAGS.contains(node.getTag());
  }

  private static String tag(Node node) {
    return node.getTag().getValue();
  }

  private Source.File at(Node node) {
    return new Source.File(file, node.getStartMark().getLine() + 1);
  }
}
