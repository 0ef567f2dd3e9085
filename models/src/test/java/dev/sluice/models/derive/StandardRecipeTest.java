// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.testing.Specs;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StandardRecipeTest {
  private final StandardRecipe recipe = new StandardRecipe();

  private static ModelSpec on(String file, DeviceChoice device) {
    ModelSpec spec = Specs.of(Path.of("models", file));
    return spec.withSettings(spec.settings().on(device, OptionalInt.empty()));
  }

  @Test
  void offersInt8OfOnnxModelsOnTheCpu() {
    assertThat(recipe.offered(on("m.onnx", new DeviceChoice.Cpu()))).containsExactly("int8");
    assertThat(recipe.offered(on("m.onnx", new DeviceChoice.Gpu(0)))).isEmpty();
  }

  @Test
  void offersInt8OfTorchScriptOnTheCpu() {
    assertThat(recipe.offered(on("m.pt", new DeviceChoice.Cpu()))).containsExactly("int8");
    assertThat(recipe.offered(on("m.pt", new DeviceChoice.Gpu(0)))).isEmpty();
  }
}
