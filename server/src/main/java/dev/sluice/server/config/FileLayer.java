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

/** What a configuration file says: a map of sections, each but {@code slo} a map of settings. */
final class FileLayer {
  private final Problems problems;
  private final Nodes nodes;
  private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();
  private final Set<String> sections = new TreeSet<>();
  private final Map<Setting<?>, Given> found = new HashMap<>();
  private final List<SloEntry> slos = new ArrayList<>();

  private FileLayer(Path file, Problems problems) {
    this.problems = problems;
    this.nodes = new Nodes(file, problems);
    for (Setting<?> setting : Settings.ALL) {
      byKey.put(setting.key(), setting);
      sections.add(setting.section());
    }
    sections.add(SloSection.NAME);
  }

  /** What is written in a file: settings, not yet judged, and objectives, which are. */
  record Contents(Map<Setting<?>, Given> settings, List<SloEntry> slos) {}

  static Contents read(Path file, Problems problems) {
    FileLayer layer = new FileLayer(file, problems);
    ConfigFile.parse(file, problems).ifPresent(layer::top);
    return new Contents(layer.found, layer.slos);
  }

  private void top(Node node) {
    if (Nodes.isNull(node)) {
      return;
    }
    if (!(node instanceof MappingNode map) || !Nodes.plain(node)) {
      problems.add(nodes.at(node), "the file", "must be a map of sections");
      return;
    }
    for (NodeTuple entry : map.getValue()) {
      nodes.name(entry.getKeyNode(), "").ifPresent(name -> section(name, entry));
    }
  }

  private void section(String section, NodeTuple entry) {
    Node value = entry.getValueNode();
    if (section.equals(SloSection.NAME)) {
      slos.addAll(new SloSection(nodes, problems).read(value));
    } else if (byKey.containsKey(section)) { // written in full, as the printed messages write it
      setting(section, entry);
    } else if (!sections.contains(section)) {
      unknown(section, entry.getKeyNode(), value);
    } else if (value instanceof MappingNode map && Nodes.plain(value)) {
      for (NodeTuple inner : map.getValue()) {
        nodes.name(inner.getKeyNode(), section + ".").ifPresent(key -> setting(key, inner));
      }
    } else if (!Nodes.isNull(value)) {
      problems.add(nodes.at(value), section, "must be a map of settings");
    }
  }

  private void setting(String key, NodeTuple entry) {
    Setting<?> setting = byKey.get(key);
    if (setting == null) {
      unknown(key, entry.getKeyNode(), entry.getValueNode());
      return;
    }
    texts(setting, entry.getValueNode())
        .ifPresent(texts -> found.put(setting, new Given(texts, nodes.at(entry.getKeyNode()))));
  }

  private Optional<List<String>> texts(Setting<?> setting, Node value) {
    if (Nodes.isNull(value)) {
      return wrong(setting, value, "nothing");
    }
    if (!Nodes.plain(value)) {
      return wrong(setting, value, "a value with the tag " + Messages.quote(Nodes.tag(value)));
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
      if (!(item instanceof ScalarNode scalar) || Nodes.isNull(item) || !Nodes.plain(item)) {
        return wrong(setting, item, "a list that holds something else");
      }
      texts.add(scalar.getValue());
    }
    return Optional.of(texts);
  }

  private Optional<List<String>> wrong(Setting<?> setting, Node value, String got) {
    problems.add(
        nodes.at(value), setting.key(), "expects " + setting.type().expected() + ", not " + got);
    return Optional.empty();
  }

  private void unknown(String key, Node node, Node value) {
    boolean mayBeSection = value instanceof MappingNode;
    Optional<String> nearest =
        mayBeSection && !key.contains(".")
            ? Suggestions.nearest(key, sections)
            : Suggestions.nearestKey(key, byKey.keySet());
    String kind = mayBeSection && !key.contains(".") ? "section" : "setting";
    problems.add(nodes.at(node), key, "is not a " + kind + Suggestions.didYouMean(nearest));
  }
}
