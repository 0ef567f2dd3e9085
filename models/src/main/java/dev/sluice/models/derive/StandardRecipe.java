// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** All that can be made, each engine's models by their own recipe. */
public final class StandardRecipe implements Recipe {
  private final Map<EngineKind, Recipe> recipes =
      Map.of(
          EngineKind.ONNX_RUNTIME, new OnnxRecipe(), EngineKind.PYTORCH, new TorchScriptRecipe());

  @Override
  public String version(ModelSpec model) {
    Recipe recipe = recipes.get(model.engine());
    return recipe == null ? "" : recipe.version(model);
  }

  @Override
  public List<String> offered(ModelSpec model) {
    Recipe recipe = recipes.get(model.engine());
    return recipe == null ? List.of() : recipe.offered(model);
  }

  @Override
  public Made make(Order order, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException {
    Recipe recipe = recipes.get(order.model().engine());
    if (recipe == null) {
      throw new EngineException("models of this engine have no variants");
    }
    return recipe.make(order, folder, progress);
  }
}
