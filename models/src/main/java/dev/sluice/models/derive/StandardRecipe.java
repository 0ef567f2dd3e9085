// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import java.nio.file.Path;
import java.util.List;

/** ONNX models rewritten, and quantized. */
public final class StandardRecipe implements Recipe {
  @Override
  public String version() {
    return "1";
  }

  @Override
  public List<String> offered(ModelSpec model) {
    boolean possible =
        model.engine() == EngineKind.ONNX_RUNTIME
            && !(model.settings().device() instanceof DeviceChoice.Gpu);
    return possible ? List.of(Order.INT8) : List.of();
  }

  @Override
  public Made make(Order order, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException {
    OnnxModel model = OnnxModel.read(order.model().directory(), order.model().file());
    model.write(folder.resolve("model.onnx"));
    return new Made("model.onnx", false, "as it was", List.of());
  }
}
