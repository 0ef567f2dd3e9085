// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Specs;
import dev.sluice.models.testing.Tensors;
import dev.sluice.models.testing.TorchScripts;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadedTensorModelTest {
  private static final int CORES = 3;

  @TempDir Path folder;

  private LoadedTensorModel load(OnnxBuilder model, String config) throws Exception {
    Path file = model.write(folder.resolve("model.onnx"));
    ModelConfig parsed = TextFormat.parse(config, ModelConfig.class);
    return LoadedTensorModel.load(Specs.of(file, parsed), new DjlEngines(), CORES);
  }

  private static List<Tensor> run(TensorModel model, Tensor... inputs) throws EngineException {
    try (GraphLane lane = model.newLane()) {
      return lane.run(List.of(inputs));
    }
  }

  private void assertRefused(OnnxBuilder model, String config, String reason) {
    assertThatThrownBy(() -> load(model, config))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void withoutConfigurationAModelOfVaryingRowsBatches() throws Exception {
    try (LoadedTensorModel model = load(OnnxModels.matmul(2, 1, 1, 1), "")) {
      ModelConfig config = model.spec().config();

      assertThat(config.getName()).isEqualTo("model");
      assertThat(config.getPlatform()).isEqualTo("onnxruntime_onnx");
      assertThat(config.getBackend()).isEqualTo("onnxruntime");
      assertThat(config.getMaxBatchSize()).isEqualTo(32);
      assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
      assertThat(config.getInput(0).getDimsList()).containsExactly(2L);
      assertThat(config.getOutput(0).getDimsList()).containsExactly(1L);
      assertThat(model.inputs()).containsExactly(new TensorSpec("x", DType.FP32, List.of(-1L, 2L)));
      assertThat(model.device()).isEqualTo("cpu");
      assertThat(model.lanes()).isEqualTo(CORES);
    }
  }

  @Test
  void withoutConfigurationAModelOfFixedSizesDoesNotBatch() throws Exception {
    try (LoadedTensorModel model = load(OnnxModels.identity(DType.FP32, 1, 4), "")) {
      assertThat(model.spec().config().getMaxBatchSize()).isZero();
      assertThat(model.spec().config().getInput(0).getDimsList()).containsExactly(1L, 4L);
      assertThat(model.inputs().get(0).dims()).containsExactly(1L, 4L);
    }
  }

  @Test
  void aConfigurationWithoutABatchSizeIsTakenAtItsWord() throws Exception {
    String config = "input { name: 'x' data_type: TYPE_FP32 dims: [ -1, 2 ] }";
    try (LoadedTensorModel model = load(OnnxModels.matmul(2, 1, 1, 1), config)) {
      assertThat(model.spec().config().getMaxBatchSize()).isZero();
      assertThat(model.outputs().get(0).dims()).containsExactly(-1L, 1L);
    }
  }

  @Test
  void aConfigurationMayNameAPartOfTheOutputs() throws Exception {
    String config = "max_batch_size: 8 output { name: 'OUTPUT1' data_type: TYPE_FP32 dims: 2 }";
    try (LoadedTensorModel model = load(OnnxModels.addSub(DType.FP32, -1, 2), config)) {
      assertThat(model.outputs()).extracting(TensorSpec::name).containsExactly("OUTPUT1");

      List<Tensor> outputs =
          run(model, Tensors.fp32(new long[] {1, 2}, 5, 6), Tensors.fp32(new long[] {1, 2}, 1, 1));

      assertThat(outputs).hasSize(1);
      assertThat(Tensors.floats(outputs.get(0))).containsExactly(4, 5);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "input { name: 'z' data_type: TYPE_FP32 dims: 2 } |"
            + " the configuration names the input 'z', but the model has [x]",
        "output { name: 'z' data_type: TYPE_FP32 dims: 2 } |"
            + " the configuration names the output 'z', but the model has [y]",
        "max_batch_size: 4 input { name: 'x' data_type: TYPE_INT64 dims: 2 } |"
            + " input 'x': the configuration says INT64, but the model has FP32",
        "max_batch_size: 4 input { name: 'x' data_type: TYPE_FP32 dims: 3 } |"
            + " input 'x': the configuration says [3], but the model has [2] behind the batch",
        "max_batch_size: 4 input { name: 'x' data_type: TYPE_FP32 dims: [ -1, 2 ] } |"
            + " input 'x': the configuration says [-1, 2], but the model has [2] behind the batch",
        "max_batch_size: 4 output { name: 'y' data_type: TYPE_FP32 dims: -1 } |"
            + " output 'y': the configuration says [-1], but the model has [1] behind the batch",
        "max_batch_size: 4 input { name: 'x' data_type: TYPE_FP32 dims: 2 optional: true } |"
            + " the input 'x' is optional in the configuration, but the model needs it",
        "max_batch_size: 4 input { name: 'x' data_type: TYPE_FP32 dims: 3 reshape { shape: 2 } } |"
            + " input 'x': dims [3] cannot be reshaped to [2]",
      })
  void aConfigurationThatDoesNotFitIsRefused(String config, String reason) {
    assertRefused(OnnxModels.matmul(2, 1, 1, 1), config, reason);
  }

  @Test
  void everyInputMustBeConfiguredIfOneIs() {
    assertRefused(
        OnnxModels.addSub(DType.FP32, -1, 2),
        "max_batch_size: 4 input { name: 'INPUT0' data_type: TYPE_FP32 dims: 2 }",
        "the configuration leaves out the input 'INPUT1', which the model needs");
  }

  @Test
  void aModelOfFixedSizesCannotBeToldToBatch() {
    assertRefused(
        OnnxModels.identity(DType.FP32, 1, 4),
        "max_batch_size: 4",
        "input 'INPUT0' has the shape [1, 4], which leaves no room for a batch");
  }

  @Test
  void reshapeGivesTheModelItsOwnShape() throws Exception {
    String config =
        """
        max_batch_size: 4
        input { name: 'x' data_type: TYPE_FP32 dims: [ 1, 2, 1 ] reshape { shape: 2 } }
        output { name: 'y' data_type: TYPE_FP32 dims: [ 1, 1 ] reshape { shape: 1 } }
        """;
    try (LoadedTensorModel model = load(OnnxModels.matmul(2, 1, 1, 10), config)) {
      assertThat(model.inputs().get(0).dims()).containsExactly(-1L, 1L, 2L, 1L);
      assertThat(model.outputs().get(0).dims()).containsExactly(-1L, 1L, 1L);

      Tensor y = run(model, Tensors.fp32(new long[] {2, 1, 2, 1}, 1, 2, 3, 4)).get(0);

      assertThat(y.shape()).containsExactly(2, 1, 1);
      assertThat(Tensors.floats(y)).containsExactly(21, 43);
    }
  }

  @Test
  void reshapeCarriesSizesThatVaryOver() throws Exception {
    String config =
        """
        input { name: 'INPUT0' data_type: TYPE_FP32 dims: [ 2, -1 ] reshape { shape: [ -1, 2 ] } }
        output { name: 'OUTPUT0' data_type: TYPE_FP32 dims: [ -1, 2 ] }
        """;
    try (LoadedTensorModel model = load(OnnxModels.identity(DType.FP32, -1, 2), config)) {
      Tensor y = run(model, Tensors.fp32(new long[] {2, 3}, 1, 2, 3, 4, 5, 6)).get(0);

      assertThat(y.shape()).containsExactly(3, 2);
    }
  }

  @Test
  void lanesComeFromInstanceGroupsUnlessTheOperatorSaysOtherwise() throws Exception {
    String config = "instance_group [ { count: 2 }, { kind: KIND_CPU } ]";
    try (LoadedTensorModel model = load(OnnxModels.matmul(2, 1, 1, 1), config)) {
      assertThat(model.lanes()).isEqualTo(3);
    }
    ModelSettings defaults = ModelSettings.DEFAULT;
    ModelSettings seven =
        new ModelSettings(
            defaults.device(),
            OptionalInt.of(7),
            OptionalInt.of(5),
            defaults.maxBatchTokens(),
            defaults.linger(),
            defaults.maxQueueRows(),
            defaults.queueTimeout());
    Path file = OnnxModels.matmul(2, 1, 1, 1).write(folder.resolve("model.onnx"));
    try (LoadedTensorModel model =
        LoadedTensorModel.load(
            Specs.of(file, ModelConfig.getDefaultInstance(), seven), new DjlEngines(), CORES)) {
      assertThat(model.lanes()).isEqualTo(7);
      assertThat(model.spec().config().getMaxBatchSize()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 27, 1L << 40, 1L << 62})
  void anInputThatNoTensorCanHoldIsRefusedByName(long size) {
    assertRefused(
        OnnxModels.identity(DType.FP32, size, 4), "", "input 'INPUT0' is FP32 [" + size + ", 4]");
  }

  @Test
  void aModelThatFailsOnItsFirstRunIsNotServed() {
    OnnxBuilder model =
        new OnnxBuilder()
            .input("x", DType.INT64, 2)
            .output("y", DType.FP32, 2)
            .constant("table", Tensors.fp32(new long[] {3}, 1, 2, 3))
            .constant("offset", Tensors.int64(new long[] {1}, 100))
            .node("Add", List.of("x", "offset"), List.of("row"))
            .node("Gather", List.of("table", "row"), List.of("y"), OnnxBuilder.integer("axis", 0));

    assertRefused(model, "", "the first run, with zeros in a batch of 1, failed: the run failed: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zero_data: true", "random_data: true", "input_data_file: 'rows'"})
  void warmUpsOfTheConfigurationRun(String data) throws Exception {
    Files.createDirectory(folder.resolve("warmup"));
    Files.write(folder.resolve("warmup/rows"), new byte[2 * Long.BYTES]);

    load(OnnxModels.lookup(), warmup("batch_size: 2", "TYPE_INT64", data)).close();
  }

  @Test
  void aLaneIsCheckedByWhatTheModelRanWhenItWasLoaded() throws Exception {
    List<List<Tensor>> ran = new ArrayList<>();
    GraphLane broken =
        new GraphLane() {
          @Override
          public List<Tensor> run(List<Tensor> inputs) throws EngineException {
            ran.add(inputs);
            throw new EngineException("the card is gone");
          }

          @Override
          public void close() {}
        };
    try (LoadedTensorModel model = load(OnnxModels.matmul(2, 1, 1, 1), "");
        GraphLane good = model.newLane()) {
      model.check(good);
      assertThatThrownBy(() -> model.check(broken)).hasMessageContaining("the card is gone");
      assertThat(ran).hasSize(1);
    }
  }

  @Test
  void aWarmUpThatFailsIsNamed() throws Exception {
    Files.createDirectory(folder.resolve("warmup"));
    Files.write(folder.resolve("warmup/rows"), new byte[] {9, 0, 0, 0, 0, 0, 0, 0});

    assertRefused(
        OnnxModels.lookup(),
        warmup("batch_size: 1", "TYPE_INT64", "input_data_file: 'rows'"),
        "the warm-up 'first' failed: the run failed: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "batch_size: 1 | TYPE_FP32 | zero_data: true |"
            + " the warm-up 'first', input 'x': the type is FP32, not INT64",
        "batch_size: 99 | TYPE_INT64 | zero_data: true | has the batch_size 99, but the most is 4",
        "batch_size: 1 | TYPE_INT64 | input_data_file: 'none' |"
            + " the file 'none' in the folder warmup/ cannot be read",
        "batch_size: 1 | TYPE_INT64 | input_data_file: '../secret' |"
            + " the file '../secret' is not in the folder warmup/",
        "batch_size: 2 | TYPE_INT64 | input_data_file: 'short' | has 8 bytes, not 16",
      })
  void warmUpsThatDoNotFitAreRefused(String batch, String type, String data, String reason)
      throws Exception {
    Files.createDirectory(folder.resolve("warmup"));
    Files.write(folder.resolve("warmup/short"), new byte[8]);
    Files.write(folder.resolve("secret"), new byte[8]);

    assertRefused(OnnxModels.lookup(), warmup(batch, type, data), reason);
  }

  private static String warmup(String batch, String type, String data) {
    return """
    max_batch_size: 4
    model_warmup {
      name: 'first' %s
      inputs { key: 'x' value { data_type: %s dims: 1 %s } }
    }
    """
        .formatted(batch, type, data);
  }

  @Test
  void torchScriptWithoutConfigurationIsServedUnchecked() throws Exception {
    Path file = TorchScripts.add(folder.resolve("model.pt"));
    try (LoadedTensorModel model =
        LoadedTensorModel.load(Specs.of(file), new DjlEngines(), CORES)) {
      assertThat(model.spec().config().getPlatform()).isEqualTo("pytorch_libtorch");
      assertThat(model.spec().batches()).isFalse();
      assertThat(model.inputs()).allMatch(TensorSpec::anyShape);

      Tensor sum =
          run(model, Tensors.fp32(new long[] {1, 1}, 1), Tensors.fp32(new long[] {1, 1}, 2)).get(0);

      assertThat(Tensors.floats(sum)).containsExactly(3);
    }
  }

  @Test
  void torchScriptWithAConfigurationBatchesAndIsWarmedUp() throws Exception {
    String config =
        """
        max_batch_size: 4
        input { name: 'INPUT__0' data_type: TYPE_FP32 dims: 2 }
        output { name: 'OUTPUT__0' data_type: TYPE_FP32 dims: 2 }
        """;
    Path file = TorchScripts.linear(folder.resolve("model.pt"), 1, 2, 3, 4);
    try (LoadedTensorModel model =
        LoadedTensorModel.load(
            Specs.of(file, TextFormat.parse(config, ModelConfig.class)), new DjlEngines(), CORES)) {
      assertThat(model.inputs())
          .containsExactly(new TensorSpec("INPUT__0", DType.FP32, List.of(-1L, 2L)));
      assertThat(Tensors.floats(run(model, Tensors.fp32(new long[] {1, 2}, 1, 1)).get(0)))
          .containsExactly(4, 6);
    }
  }
}
