// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.derive.CachedVariants;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.Order;
import dev.sluice.models.derive.TorchScriptRecipe;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Specs;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TorchScript variants as the cache of derived models makes and measures them. */
class TorchScriptRecipeTest {
  private static final ModelConfig CONFIG =
      ModelConfig.newBuilder()
          .setMaxBatchSize(64)
          .addInput(
              ModelInput.newBuilder().setName("x").setDataType(DataType.TYPE_FP32).addDims(128))
          .addOutput(
              ModelOutput.newBuilder()
                  .setName("OUTPUT__0")
                  .setDataType(DataType.TYPE_FP32)
                  .addDims(2))
          .build();

  @TempDir Path folder;

  private ModelSpec model() {
    return Specs.of(Nets.blocks(folder.resolve("model.pt")), CONFIG);
  }

  @Test
  void aVariantIsMadeWithItsReport() throws Exception {
    CachedVariants variants =
        new CachedVariants(
            folder.resolve("cache"), Long.MAX_VALUE, TorchScriptRecipe.class, Runnable::run);

    DerivedVariant made = variants.make(model(), "int8", VariantMaker.Progress.NONE);

    assertThat(made.fidelity().cosineMean()).isBetween(0.995, 0.9999999);
    assertThat(made.fidelity().batchCosineMin()).isGreaterThan(1 - 1e-6);
    assertThat(made.fidelity().sizeRatio()).isLessThan(0.5);
    Path entry = Objects.requireNonNull(made.spec().file().getParent());
    assertThat(entry.resolve("report.txt"))
        .content()
        .contains(
            "int8 of model, per-token",
            "4 linear layers are INT8",
            "head.weight stays FP32: it is too small to gain from INT8");
  }

  @Test
  void otherEnginesAndCardsHaveNone() {
    TorchScriptRecipe recipe = new TorchScriptRecipe();
    ModelSpec onnx = Specs.of(OnnxModels.matmul(2, 2, 1, 2, 3, 4).write(folder.resolve("a.onnx")));
    ModelSettings onCard = ModelSettings.DEFAULT.on(new DeviceChoice.Gpu(0), OptionalInt.empty());

    assertThat(recipe.offered(model())).containsExactly("int8");
    assertThat(recipe.offered(model().withSettings(onCard))).isEmpty();
    assertThat(recipe.offered(onnx)).isEmpty();
  }

  @Test
  void schemesThatNeedTheWholeBatchOrCalibrationAreRefused() {
    for (QuantScheme scheme : new QuantScheme[] {QuantScheme.STATIC, QuantScheme.DYNAMIC}) {
      Order order =
          new Order(model(), "int8", Optional.of(scheme), FidelityBudget.DEFAULT, Optional.empty());
      assertThatThrownBy(
              () -> new TorchScriptRecipe().make(order, folder, VariantMaker.Progress.NONE))
          .isInstanceOf(EngineException.class)
          .hasMessage(
              "TorchScript models become INT8 with the scheme per-token alone, not "
                  + scheme.label());
    }
  }
}
