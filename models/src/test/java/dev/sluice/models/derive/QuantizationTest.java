// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.Found;
import dev.sluice.models.repository.SingleModel;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.TextModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that a server can serve; the file in them is only copied. */
class QuantizationTest {
  @TempDir private Path folder;

  private static ModelSpec at(Path path) throws IOException {
    return switch (SingleModel.at(path)) {
      case Found.Servable servable -> servable.specs().getLast();
      case Found.Refused refused -> throw new AssertionError(refused.reason());
    };
  }

  private Quantization quantization(ModelSpec model, Class<? extends Recipe> recipe) {
    Order order =
        new Order(model, "int8", Optional.empty(), FidelityBudget.DEFAULT, Optional.empty());
    return new Quantization(new Workshop(recipe), order, folder.resolve("out/made"));
  }

  private Receipt made(ModelSpec model) throws EngineException, InterruptedException {
    return quantization(model, TestRecipes.Copying.class).run(VariantMaker.Progress.NONE);
  }

  private List<String> files(String below) throws IOException {
    Path root = folder.resolve(below);
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aTextModelIsServedAsItWas() throws Exception {
    Path source = TextModels.write(folder.resolve("m/source"), 1);
    Files.writeString(source.resolve("model.yaml"), "lanes: 3\nfile: model.onnx\n");
    ModelSpec model = at(source);
    assertThat(made(model).file()).isEqualTo("model.onnx");
    assertThat(files("out"))
        .containsExactly(
            "made/config.json",
            "made/fidelity.json",
            "made/model.onnx",
            "made/model.yaml",
            "made/report.txt",
            "made/sentence_bert_config.json",
            "made/tokenizer.json");
    ModelSpec served = at(folder.resolve("out/made"));
    TextSpec text = Objects.requireNonNull(served.text());
    assertThat(served.task()).isEqualTo(Task.EMBED);
    assertThat(served.settings()).isEqualTo(model.settings());
    assertThat(text.lowerCase()).isTrue();
    assertThat(text.maxTokens()).isEqualTo(64);
    assertThat(text.pooling()).isEqualTo(TextSpec.Pooling.MEAN);
    assertThat(text.tokenizer()).hasSameBinaryContentAs(source.resolve("tokenizer.json"));
  }

  @Test
  void theEmbeddedModelGetsAFolderOfItsOwn() throws Exception {
    ModelSpec model = EmbeddedModel.allMiniLmL6V2(Path.of("target", "test-cache"));
    made(model);
    assertThat(files("out/made")).contains("model.onnx", "model.yaml", "tokenizer.json");
    assertThat(Objects.requireNonNull(at(folder.resolve("out/made")).text()).maxTokens())
        .isEqualTo(256);
  }

  @Test
  void aVersionOfATritonModelKeepsItsPlaceItsConfigurationAndItsLabels() throws Exception {
    Path source = folder.resolve("m/source");
    OnnxModels.matmul(2, 2, 1, 2, 3, 4).write(source.resolve("7/model.onnx"));
    Files.writeString(source.resolve("labels.txt"), "cat\ndog\n");
    Files.writeString(
        source.resolve("config.pbtxt"),
        """
        name: "source"
        max_batch_size: 8
        input { name: "x" data_type: TYPE_FP32 dims: [2] }
        output { name: "y" data_type: TYPE_FP32 dims: [2] label_filename: "labels.txt" }
        """);
    assertThat(made(at(source)).file()).isEqualTo("7/model.onnx");
    assertThat(files("out/made"))
        .containsExactly(
            "7/model.onnx", "config.pbtxt", "fidelity.json", "labels.txt", "report.txt");
    assertThat(at(folder.resolve("out/made")).config().getMaxBatchSize()).isEqualTo(8);
  }

  @Test
  void aFileAloneBecomesAFolder() throws Exception {
    Path file = OnnxModels.matmul(2, 2, 1, 2, 3, 4).write(folder.resolve("m/s/ranker.onnx"));
    Files.writeString(folder.resolve("m/s/ranker.yaml"), "max_batch_rows: 5\n");
    made(at(file));
    assertThat(files("out/made"))
        .containsExactly("fidelity.json", "model.onnx", "model.yaml", "report.txt");
    assertThat(at(folder.resolve("out/made")).settings().maxBatchRows()).hasValue(5);
  }

  @Test
  void whatFailsLeavesNothingAndWhatWasThereStays() throws Exception {
    ModelSpec model = at(TextModels.write(folder.resolve("m/source"), 1));
    for (Class<? extends Recipe> recipe :
        List.of(TestRecipes.Refusing.class, TestRecipes.Crashing.class)) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> quantization(model, recipe).run(VariantMaker.Progress.NONE));
      assertThat(files("out")).isEmpty();
    }
    made(model);
    List<String> before = files("out");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () -> quantization(model, TestRecipes.Refusing.class).run(VariantMaker.Progress.NONE));
    assertThat(files("out")).isEqualTo(before);
    try (Stream<Path> left = Files.list(folder.resolve("out"))) {
      assertThat(left).containsExactly(folder.resolve("out/made"));
    }
  }

  @Test
  void onlyWhatWasMadeHereIsReplacedAndOnlyWhenAsked() throws Exception {
    ModelSpec model = at(TextModels.write(folder.resolve("m/source"), 1));
    Quantization quantization = quantization(model, TestRecipes.Copying.class);
    quantization.requireFree(false);
    Files.createDirectories(folder.resolve("out/made"));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> quantization.requireFree(false))
        .withMessageContaining("is there already; --force replaces it");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> quantization.requireFree(true))
        .withMessageContaining("was not made by this command");
    Files.delete(folder.resolve("out/made"));
    made(model);
    quantization.requireFree(true);
    made(at(TextModels.write(folder.resolve("m/source"), 2)));
    assertThat(folder.resolve("out/made/model.onnx"))
        .hasSameBinaryContentAs(folder.resolve("m/source/model.onnx"));
  }
}
