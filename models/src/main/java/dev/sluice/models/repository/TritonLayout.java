// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A model of a Triton repository: {@code config.pbtxt} and numbered version folders. */
final class TritonLayout {
  private static final List<EngineKind> FILE_ENGINES =
      Stream.of(EngineKind.values()).filter(EngineKind::runsFiles).toList();

  private TritonLayout() {}

  static boolean matches(ModelFolder folder) throws RefusedException {
    return folder.has(TritonConfigFile.NAME) || !TritonVersions.present(folder).isEmpty();
  }

  static List<ModelSpec> read(ModelFolder folder, Overrides overrides) throws RefusedException {
    if (overrides.asks(Task.EMBED)) {
      throw new RefusedException(
          "model.yaml: task embed needs a folder with config.json and tokenizer.json, without"
              + " config.pbtxt and version folders");
    }
    ModelConfig written =
        folder.has(TritonConfigFile.NAME)
            ? TritonConfigFile.read(folder)
            : ModelConfig.getDefaultInstance();
    Optional<EngineKind> named =
        overrides.engine().isPresent() ? overrides.engine() : TritonEngine.of(written);
    TritonChecks.check(folder, written);
    ModelSettings settings = overrides.settings(TritonSettings.of(written));
    ModelConfig config = overrides.config(written);
    List<Long> versions =
        TritonVersions.served(TritonVersions.present(folder), written.getVersionPolicy());
    List<ModelSpec> specs = new ArrayList<>();
    for (long version : versions) {
      String relative = fileOf(folder, version, named, overrides, written);
      EngineKind engine = engineOf(named, relative);
      Path file = engine.runsFiles() ? folder.file(relative) : folder.inside(relative);
      ModelFile.check(folder, engine, file);
      specs.add(
          new ModelSpec(
              folder.name(),
              version,
              Task.TENSOR,
              engine,
              folder.directory(),
              file,
              config,
              null,
              settings));
    }
    return specs;
  }

  private static EngineKind engineOf(Optional<EngineKind> named, String file)
      throws RefusedException {
    if (named.isPresent()) {
      return named.get();
    }
    return ModelFile.engineOf(file)
        .orElseThrow(
            () ->
                new RefusedException(
                    "the engine of "
                        + ModelNames.printable(file)
                        + " is not known: name it as platform in config.pbtxt"));
  }

  /** The model file of one version, or its folder where none is run, relative to the model's. */
  private static String fileOf(
      ModelFolder folder,
      long version,
      Optional<EngineKind> engine,
      Overrides overrides,
      ModelConfig config)
      throws RefusedException {
    if (engine.isPresent() && !engine.get().runsFiles()) {
      return Long.toString(version);
    }
    String given = overrides.file().orElse(config.getDefaultModelFilename());
    if (!given.isEmpty()) {
      return inner(folder, version + "/" + given, given);
    }
    for (EngineKind kind : engine.map(List::of).orElse(FILE_ENGINES)) {
      String name = ModelFile.defaultName(kind);
      if (folder.has(version + "/" + name)) {
        return inner(folder, version + "/" + name, name);
      }
    }
    List<String> files = folder.list(Long.toString(version));
    if (engine.isEmpty()) {
      throw new RefusedException("version " + version + ": " + ModelFile.explainAbsence(files));
    }
    throw new RefusedException(
        "version "
            + version
            + ": "
            + ModelFile.defaultName(engine.get())
            + " is missing; name another file as default_model_filename in config.pbtxt");
  }

  /** An ONNX model may be a folder of that name that holds the file and its external data. */
  private static String inner(ModelFolder folder, String relative, String name)
      throws RefusedException {
    return Files.isDirectory(folder.inside(relative)) ? relative + "/" + name : relative;
  }
}
