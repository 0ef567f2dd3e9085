// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.testing;

import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.util.Objects;

/** Specs of tensor models as the repository would make them. */
public final class Specs {
  private Specs() {}

  /** By the file's ending: {@code .pt} is TorchScript, all else ONNX. */
  public static ModelSpec of(Path file) {
    return of(file, ModelConfig.getDefaultInstance());
  }

  public static ModelSpec of(Path file, ModelConfig config) {
    return of(file, config, ModelSettings.DEFAULT);
  }

  public static ModelSpec of(Path file, ModelConfig config, ModelSettings settings) {
    return new ModelSpec(
        "model",
        1,
        Task.TENSOR,
        file.toString().endsWith(".pt") ? EngineKind.PYTORCH : EngineKind.ONNX_RUNTIME,
        Objects.requireNonNull(file.getParent()),
        file,
        config,
        null,
        settings);
  }
}
