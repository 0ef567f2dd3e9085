// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.BrownoutSettings;
import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.CardPrecision;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.FormingSettings;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpecJsonTest {
  private static final Path FOLDER = Path.of("/models/m \u00e9");

  @Test
  void everyPartOfATensorModelSurvives() throws IOException {
    ModelSettings settings =
        new ModelSettings(
            new DeviceChoice.Gpu(2),
            OptionalInt.of(3),
            OptionalInt.of(4),
            OptionalLong.of(1L << 33),
            Duration.ofNanos(5),
            OptionalInt.of(6),
            Duration.ofMillis(7),
            new FormingSettings(
                List.of(2, 4),
                true,
                OptionalLong.of(1L << 34),
                Optional.of(Duration.ofMillis(8)),
                Optional.of(Map.of("gold", 4)),
                OptionalDouble.of(0.25)),
            new VariantSettings(
                Set.of(),
                VariantSettings.Policy.BROWNOUT,
                "int8",
                Optional.of(QuantScheme.PER_TOKEN),
                new FidelityBudget(0.9, 0.8),
                Set.of("int8"),
                new BrownoutSettings(
                    Optional.of(Duration.ofMillis(9)), 0.75, 0.25, Duration.ofMillis(10))),
            new CardMemory.Share(70));
    ModelConfig config =
        ModelConfig.newBuilder().addInput(ModelInput.newBuilder().setName("x").addDims(-1)).build();
    ModelSpec spec =
        new ModelSpec(
            "m",
            9,
            Task.TENSOR,
            EngineKind.PYTORCH,
            FOLDER,
            FOLDER.resolve("a.pt"),
            config,
            null,
            settings);
    assertThat(SpecJson.read(SpecJson.write(spec))).isEqualTo(spec);
  }

  @Test
  void everyPartOfATextModelSurvives() throws IOException {
    TextSpec text =
        new TextSpec(FOLDER.resolve("t.json"), 77, true, TextSpec.Pooling.LAST_TOKEN, true, 5);
    ModelSpec spec =
        new ModelSpec(
            "m",
            1,
            Task.EMBED,
            EngineKind.ONNX_RUNTIME,
            FOLDER,
            FOLDER.resolve("a.onnx"),
            ModelConfig.getDefaultInstance(),
            text,
            ModelSettings.DEFAULT,
            CardPrecision.INT8);
    assertThat(SpecJson.read(SpecJson.write(spec))).isEqualTo(spec);
  }
}
