// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import dev.sluice.models.repository.ModelNames;
import dev.sluice.server.slo.Objective;
import dev.sluice.server.slo.Objectives;
import dev.sluice.server.slo.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads the section {@code slo}: for each model, or for all of them, a list of objectives. What is
 * wrong with one is said, and the objective left out.
 */
final class SloSection {
  static final String NAME = "slo";

  static final int MOST_OBJECTIVES = 16;

  private static final String EXAMPLE = "{name: p99, percentile: 99, under: 50ms, window: 5m}";
  private static final List<String> KEYS =
      List.of("name", "percentile", "under", "availability", "window", "min-requests");

  private static final ValueType<String> WORD =
      ValueType.one(
          "a word of at most 64 letters, digits, '.', '_' or '-'",
          "NAME",
          text -> Optional.of(text).filter(t -> t.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")),
          Messages::yamlQuote);
  private static final ValueType<Target> PERCENTAGE =
      ValueType.one(
          "a percentage from " + Target.RANGE + " with at most four decimals",
          "PERCENT",
          Target::parse,
          Target::percent);
  private static final ValueType<Duration> BOUND = ValueTypes.duration("1ms", "10m");
  private static final ValueType<Duration> WINDOW = ValueTypes.duration("1m", "720h");
  private static final ValueType<Long> REQUESTS = ValueTypes.longCount(1, 1_000_000_000_000L);

  private final Nodes nodes;
  private final Problems problems;

  SloSection(Nodes nodes, Problems problems) {
    this.nodes = nodes;
    this.problems = problems;
  }

  List<SloEntry> read(Node value) {
    List<SloEntry> entries = new ArrayList<>();
    if (value instanceof MappingNode map && Nodes.plain(value)) {
      for (NodeTuple entry : map.getValue()) {
        nodes
            .name(entry.getKeyNode(), NAME + ".")
            .flatMap(path -> model(path, entry))
            .ifPresent(entries::add);
      }
    } else if (!Nodes.isNull(value)) {
      problems.add(nodes.at(value), NAME, "must be a map of models, each with its objectives");
    }
    return entries;
  }

  private Optional<SloEntry> model(String path, NodeTuple entry) {
    String model = path.substring(NAME.length() + 1);
    if (!model.equals(Objectives.EVERY) && !ModelNames.valid(model)) {
      problems.add(
          nodes.at(entry.getKeyNode()), path, "is neither the name of a model nor \"*\" for all");
      return Optional.empty();
    }
    if (!(entry.getValueNode() instanceof SequenceNode list) || !Nodes.plain(list)) {
      problems.add(
          nodes.at(entry.getValueNode()), path, "must be a list of objectives such as " + EXAMPLE);
      return Optional.empty();
    }
    if (list.getValue().size() > MOST_OBJECTIVES) {
      problems.add(nodes.at(list), path, "has more than " + MOST_OBJECTIVES + " objectives");
      return Optional.empty();
    }
    List<SloEntry.Line> lines = new ArrayList<>();
    Map<String, Integer> firstLines = new HashMap<>();
    for (int i = 0; i < list.getValue().size(); i++) {
      Node item = list.getValue().get(i);
      objective(path + "[" + i + "]", item, firstLines)
          .map(objective -> new SloEntry.Line(objective, nodes.at(item)))
          .ifPresent(lines::add);
    }
    return Optional.of(new SloEntry(model, lines, nodes.at(entry.getKeyNode())));
  }

  private Optional<Objective> objective(String path, Node node, Map<String, Integer> firstLines) {
    if (!(node instanceof MappingNode map) || !Nodes.plain(node)) {
      problems.add(nodes.at(node), path, "must be a map such as " + EXAMPLE);
      return Optional.empty();
    }
    SloFields fields = new SloFields(path, map, KEYS, nodes, problems);
    Optional<String> name = fields.need("name", WORD);
    name.map(given -> firstLines.putIfAbsent(given, nodes.at(node).line()))
        .ifPresent(line -> fields.complain(node, ".name", "is used before, in line " + line));
    Optional<Duration> window = fields.need("window", WINDOW);
    Optional<Long> least = fields.get("min-requests", REQUESTS);
    boolean latency = fields.has("percentile") || fields.has("under");
    if (latency == fields.has("availability")) {
      fields.complain(node, "", "must have either percentile and under, or availability");
      return Optional.empty();
    }
    Optional<Target> target = fields.need(latency ? "percentile" : "availability", PERCENTAGE);
    Optional<Duration> under = latency ? fields.need("under", BOUND) : Optional.empty();
    if (fields.wrong()) {
      return Optional.empty();
    }
    long minimum = least.orElse(target.orElseThrow().naturalMinimum());
    return Optional.of(
        latency
            ? new Objective.Latency(
                name.orElseThrow(),
                target.orElseThrow(),
                under.orElseThrow(),
                window.orElseThrow(),
                minimum)
            : new Objective.Availability(
                name.orElseThrow(), target.orElseThrow(), window.orElseThrow(), minimum));
  }
}
