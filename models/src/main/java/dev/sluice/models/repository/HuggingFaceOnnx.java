// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.util.ArrayList;
import java.util.List;

/** Chooses the model file of a Hugging Face folder. */
final class HuggingFaceOnnx {
  private HuggingFaceOnnx() {}

  /** Relative to the model's folder. */
  static String choose(ModelFolder folder, String prefix, Overrides overrides)
      throws RefusedException {
    if (overrides.file().isPresent()) {
      return overrides.file().get();
    }
    List<String> folders = prefix.isEmpty() ? List.of("") : List.of(prefix, "");
    for (String start : folders) {
      for (String usual : List.of("model.onnx", "onnx/model.onnx")) {
        if (folder.has(start + usual)) {
          return start + usual;
        }
      }
    }
    List<String> others = new ArrayList<>();
    for (String start : folders) {
      others.addAll(onnxFiles(folder, start));
      others.addAll(onnxFiles(folder, start + "onnx/"));
    }
    if (others.size() == 1) {
      return others.getFirst();
    }
    throw new RefusedException(others.isEmpty() ? howToExport(folder, prefix) : choices(others));
  }

  private static List<String> onnxFiles(ModelFolder folder, String start) throws RefusedException {
    if (!start.isEmpty() && !folder.hasDirectory(start)) {
      return List.of();
    }
    return folder.list(start).stream()
        .filter(name -> name.endsWith(".onnx"))
        .map(name -> start + name)
        .toList();
  }

  private static String choices(List<String> files) {
    return "no model.onnx or onnx/model.onnx, but "
        + String.join(", ", files.stream().map(ModelNames::printable).toList())
        + "; name one as 'file' in model.yaml";
  }

  private static String howToExport(ModelFolder folder, String prefix) throws RefusedException {
    List<String> weights =
        folder.list(prefix).stream()
            .filter(name -> name.endsWith(".safetensors") || name.endsWith(".bin"))
            .map(ModelNames::printable)
            .toList();
    return "no model.onnx or onnx/model.onnx"
        + (weights.isEmpty() ? "" : ", only weights (" + weights.getFirst() + ")")
        + "; optimum-cli export onnx --model <this folder> <this folder>/onnx writes one";
  }
}
