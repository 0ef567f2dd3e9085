// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.util.List;

/** A model that is one file; its inputs and outputs are what the file says. */
final class BareLayout {
  private static final long VERSION = 1;

  private BareLayout() {}

  static List<ModelSpec> read(ModelFolder folder, Overrides overrides) throws RefusedException {
    String file = overrides.file().isPresent() ? overrides.file().get() : onlyFile(folder);
    return List.of(spec(folder, file, overrides));
  }

  static ModelSpec spec(ModelFolder folder, String relative, Overrides overrides)
      throws RefusedException {
    Path file = folder.file(relative);
    EngineKind engine = engine(relative, overrides);
    ModelFile.check(folder, engine, file);
    return new ModelSpec(
        folder.name(),
        VERSION,
        Task.TENSOR,
        engine,
        folder.directory(),
        file,
        overrides.config(ModelConfig.getDefaultInstance()),
        null,
        overrides.settings(ModelSettings.DEFAULT));
  }

  static EngineKind engine(String file, Overrides overrides) throws RefusedException {
    if (overrides.engine().isPresent()) {
      return overrides.engine().get();
    }
    return ModelFile.engineOf(file)
        .orElseThrow(
            () ->
                new RefusedException(
                    ModelNames.printable(file)
                        + " is neither an .onnx nor a .pt file; name its engine in model.yaml"));
  }

  private static String onlyFile(ModelFolder folder) throws RefusedException {
    List<String> files = folder.list("");
    List<String> models =
        files.stream().filter(name -> ModelFile.engineOf(name).isPresent()).toList();
    if (models.isEmpty()) {
      throw new RefusedException(ModelFile.explainAbsence(files));
    }
    if (models.size() > 1) {
      throw new RefusedException(
          "several model files: "
              + String.join(", ", models.stream().map(ModelNames::printable).toList())
              + "; name one as 'file' in model.yaml");
    }
    return models.getFirst();
  }
}
