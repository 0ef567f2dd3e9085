// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a sentence-transformers model: {@code modules.json}, or without one the folders that
 * the library names by habit.
 *
 * @param prefix of the transformer's files: empty, or its folder with a slash
 * @param pooling the pooling step's configuration file, relative to the model's folder
 * @param normalize whether there is a step that makes vectors of length 1
 */
record SentenceModules(String prefix, Optional<String> pooling, boolean normalize) {
  static final String FILE = "modules.json";
  private static final String POOLING_FILE = "1_Pooling/config.json";

  private record Step(long index, String kind, String path) {}

  static SentenceModules read(ModelFolder folder) throws RefusedException {
    if (!folder.has(FILE)) {
      return new SentenceModules(
          "",
          folder.has(POOLING_FILE) ? Optional.of(POOLING_FILE) : Optional.empty(),
          folder.hasDirectory("2_Normalize"));
    }
    String prefix = "";
    Optional<String> pooling = Optional.empty();
    boolean normalize = false;
    for (Step step : steps(folder)) {
      switch (step.kind()) {
        case "Transformer" -> prefix = prefix(folder, step);
        case "Pooling" -> pooling = Optional.of(prefix(folder, step) + "config.json");
        case "Normalize" -> normalize = true;
        case "Dense" ->
            throw new RefusedException(
                FILE
                    + ": a Dense step is not supported; export the model with it to ONNX, so that"
                    + " the graph gives sentence_embedding, and set pooling: none without this"
                    + " step in "
                    + FILE);
        default ->
            throw new RefusedException(
                FILE
                    + ": a step of type '"
                    + ModelNames.printable(step.kind())
                    + "' is not supported; Transformer, Pooling and Normalize are");
      }
    }
    return new SentenceModules(prefix, pooling, normalize);
  }

  private static List<Step> steps(ModelFolder folder) throws RefusedException {
    JsonNode array = JsonFile.read(folder, FILE);
    if (!array.isArray() || array.isEmpty()) {
      throw new RefusedException(FILE + " must hold a list of steps");
    }
    List<Step> steps = new ArrayList<>();
    for (JsonNode node : array) {
      String type = node.path("type").asText("");
      if (type.isEmpty() || !node.path("path").isTextual()) {
        throw new RefusedException(FILE + ": every step needs a path and a type");
      }
      String kind = type.substring(type.lastIndexOf('.') + 1);
      steps.add(new Step(node.path("idx").asLong(steps.size()), kind, node.path("path").asText()));
    }
    steps.sort(Comparator.comparingLong(Step::index));
    if (!steps.getFirst().kind().equals("Transformer")
        || steps.stream().filter(step -> step.kind().equals("Transformer")).count() > 1
        || steps.stream().filter(step -> step.kind().equals("Pooling")).count() > 1) {
      throw new RefusedException(
          FILE + " must begin with its one Transformer, with at most one Pooling after it");
    }
    return steps;
  }

  private static String prefix(ModelFolder folder, Step step) throws RefusedException {
    if (step.path().isEmpty() || step.path().equals(".")) {
      return "";
    }
    folder.inside(step.path());
    return step.path().endsWith("/") ? step.path() : step.path() + "/";
  }
}
