// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.proto.inference.ModelOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The class names of a model's outputs, one per line of its label files. */
final class Labels {
  private static final long MAX_BYTES = 16L << 20;

  private Labels() {}

  static Map<String, List<String>> of(ModelSpec spec) throws EngineException {
    Map<String, List<String>> labels = new HashMap<>();
    for (ModelOutput output : spec.config().getOutputList()) {
      String file = output.getLabelFilename();
      if (!file.isEmpty()) {
        labels.put(output.getName(), read(spec, file));
      }
    }
    return Map.copyOf(labels);
  }

  private static List<String> read(ModelSpec spec, String file) throws EngineException {
    try {
      Path folder = spec.directory().toRealPath();
      Path path = folder.resolve(file).toRealPath();
      if (!path.startsWith(folder)) {
        throw new EngineException("label file '" + file + "' is outside of the model's folder");
      }
      if (!Files.isRegularFile(path)) {
        throw new EngineException("label file '" + file + "' is not a regular file");
      }
      if (Files.size(path) > MAX_BYTES) {
        throw new EngineException("label file '" + file + "' is larger than 16 MiB");
      }
      return List.copyOf(Files.readAllLines(path, StandardCharsets.UTF_8));
    } catch (IOException | InvalidPathException unreadable) {
      throw new EngineException("label file '" + file + "' cannot be read", unreadable);
    }
  }
}
