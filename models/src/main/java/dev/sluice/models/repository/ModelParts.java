// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that hold a model's weights. */
public final class ModelParts {
  private ModelParts() {}

  /**
   * The model file and, behind it, the files that it keeps weights in, in the order of their names.
   *
   * @throws EngineException for a file that is not a whole model, or that names files which are
   *     missing or not its own
   */
  public static List<Path> of(ModelSpec model) throws EngineException {
    List<Path> files = new ArrayList<>(List.of(model.file()));
    if (model.engine() != EngineKind.ONNX_RUNTIME) {
      return files;
    }
    try {
      ModelFolder folder = new ModelFolder(model.name(), model.directory().toRealPath());
      ExternalData external = new ExternalData(folder, model.file());
      OnnxCheck.check(model.file(), external);
      files.addAll(external.files());
      return files;
    } catch (RefusedException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new EngineException(
          model.file().getFileName() + " cannot be read: " + ModelFolder.reason(e), e);
    }
  }
}
