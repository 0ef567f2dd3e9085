// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.Specs;
import dev.sluice.models.testing.Tensors;
import dev.sluice.models.testing.TorchScripts;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchEngineTest {
  @TempDir Path folder;

  private final Engines engines = new DjlEngines();

  private Path file() {
    return folder.resolve("model.pt");
  }

  private Graph load(Path file) throws EngineException {
    return engines.load(Specs.of(file));
  }

  private static List<Tensor> run(Graph graph, Tensor... inputs) throws EngineException {
    try (GraphLane lane = graph.newLane()) {
      return lane.run(List.of(inputs));
    }
  }

  private static ModelInput input(String name) {
    return ModelInput.newBuilder().setName(name).setDataType(DataType.TYPE_FP32).addDims(2).build();
  }

  private static ModelOutput output(String name) {
    return ModelOutput.newBuilder()
        .setName(name)
        .setDataType(DataType.TYPE_FP32)
        .addDims(2)
        .build();
  }

  @Test
  void withoutConfigurationTheArgumentsNameTheInputs() throws Exception {
    try (Graph graph = load(TorchScripts.add(file()))) {
      assertThat(graph.inputs())
          .containsExactly(
              new TensorSpec("x", DType.FP32, List.of(-1L), true),
              new TensorSpec("y", DType.FP32, List.of(-1L), true));
      assertThat(graph.outputs()).extracting(TensorSpec::name).containsExactly("OUTPUT__0");
      assertThat(graph.device()).isEqualTo("cpu");

      Tensor sum =
          run(graph, Tensors.fp32(new long[] {2}, 1, 2), Tensors.fp32(new long[] {2}, 10, 20))
              .get(0);

      assertThat(Tensors.floats(sum)).containsExactly(11, 22);
    }
  }

  @Test
  void weightsAreReadFromTheArchive() throws Exception {
    try (Graph graph = load(TorchScripts.linear(file(), 1, 2, 3, 4))) {
      Tensor product = run(graph, Tensors.fp32(new long[] {2, 2}, 1, 1, 2, 0)).get(0);

      assertThat(product.shape()).containsExactly(2, 2);
      assertThat(Tensors.floats(product)).containsExactly(4, 6, 2, 4);
    }
  }

  @Test
  void aTupleGivesOneOutputPerMember() throws Exception {
    try (Graph graph = load(TorchScripts.addSub(file()))) {
      List<Tensor> outputs =
          run(graph, Tensors.fp32(new long[] {1}, 5), Tensors.fp32(new long[] {1}, 3));

      assertThat(graph.outputs())
          .extracting(TensorSpec::name)
          .containsExactly("OUTPUT__0", "OUTPUT__1");
      assertThat(Tensors.floats(outputs.get(0))).containsExactly(8);
      assertThat(Tensors.floats(outputs.get(1))).containsExactly(2);
    }
  }

  @Test
  void numberedNamesOfTheConfigurationGiveTheOrder() throws Exception {
    ModelConfig config =
        ModelConfig.newBuilder()
            .addInput(input("INPUT__1"))
            .addInput(input("INPUT__0"))
            .addOutput(output("OUTPUT__1"))
            .addOutput(output("OUTPUT__0"))
            .build();
    try (Graph graph = engines.load(Specs.of(TorchScripts.addSub(file()), config))) {
      assertThat(graph.inputs())
          .containsExactly(
              new TensorSpec("INPUT__0", DType.FP32, List.of(2L)),
              new TensorSpec("INPUT__1", DType.FP32, List.of(2L)));

      List<Tensor> outputs =
          run(graph, Tensors.fp32(new long[] {2}, 5, 5), Tensors.fp32(new long[] {2}, 3, 4));

      assertThat(Tensors.floats(outputs.get(1))).containsExactly(2, 1);
    }
  }

  @Test
  void argumentNamesOfTheConfigurationGiveTheOrder() throws Exception {
    ModelConfig config =
        ModelConfig.newBuilder()
            .setMaxBatchSize(4)
            .addInput(input("y"))
            .addInput(input("x"))
            .addOutput(output("sum"))
            .build();
    try (Graph graph = engines.load(Specs.of(TorchScripts.add(file()), config))) {
      assertThat(graph.inputs())
          .containsExactly(
              new TensorSpec("x", DType.FP32, List.of(-1L, 2L)),
              new TensorSpec("y", DType.FP32, List.of(-1L, 2L)));
    }
  }

  @Test
  void aListNeedsItsOutputsNamed() throws Exception {
    Path file = TorchScripts.list(file());
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("name the outputs in config.pbtxt");

    ModelConfig config =
        ModelConfig.newBuilder().addOutput(output("a")).addOutput(output("b")).build();
    try (Graph graph = engines.load(Specs.of(file, config))) {
      assertThat(run(graph, Tensors.fp32(new long[] {2}, 1, 2))).hasSize(2);
    }
  }

  @Test
  void aDictGivesItsTensorsByName() throws Exception {
    ModelConfig config =
        ModelConfig.newBuilder().addOutput(output("same")).addOutput(output("twice")).build();
    try (Graph graph = engines.load(Specs.of(TorchScripts.dict(file()), config))) {
      List<Tensor> outputs = run(graph, Tensors.fp32(new long[] {2}, 1, 2));

      assertThat(Tensors.floats(outputs.get(0))).containsExactly(1, 2);
      assertThat(Tensors.floats(outputs.get(1))).containsExactly(2, 4);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"INT16", "UINT16", "UINT32", "UINT64", "BF16", "BYTES"})
  void everyTypeOfPyTorchComesBackAsItWent(DType type) throws Exception {
    byte[] bytes = new byte[3 * type.byteSize()];
    bytes[0] = 1;
    Tensor input = Tensors.raw(type, new long[] {3}, bytes);
    try (Graph graph = load(TorchScripts.identity(file()))) {
      Tensor output = run(graph, input).get(0);

      assertThat(output.type()).isEqualTo(type);
      assertThat(output.data()).isEqualTo(input.data());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"INT16", "UINT16", "UINT32", "UINT64", "BF16", "BYTES"})
  void inputsThatPyTorchCannotBeGivenAreRefused(DType type) throws Exception {
    Tensor input = new Tensor(type, new long[] {0}, ByteBuffer.allocate(0));
    try (Graph graph = load(TorchScripts.identity(file()))) {
      assertThatThrownBy(() -> run(graph, input))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("input 'x' cannot be " + type);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 9}) // torch.int16, torch.complex64
  void outputsThatCannotBeServedAreAnError(int type) throws Exception {
    Path file =
        TorchScripts.module(file(), "x: Tensor", "Tensor", "return torch.to(x, " + type + ")");
    try (Graph graph = load(file)) {
      assertThatThrownBy(() -> run(graph, Tensors.fp32(new long[] {1}, 1)))
          .isInstanceOf(EngineException.class);
    }
  }

  @Test
  void outputsThatLieOtherwiseInMemoryAreReadRowByRow() throws Exception {
    Path file = TorchScripts.module(file(), "x: Tensor", "Tensor", "return torch.t(x)");
    try (Graph graph = load(file)) {
      Tensor output = run(graph, Tensors.fp32(new long[] {2, 3}, 1, 2, 3, 4, 5, 6)).get(0);

      assertThat(output.shape()).containsExactly(3, 2);
      assertThat(Tensors.floats(output)).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void scalarsAndSizesOfZeroComeBackAsTheyWent() throws Exception {
    try (Graph graph = load(TorchScripts.identity(file()))) {
      assertThat(run(graph, Tensors.fp32(new long[0], 7)).get(0).rank()).isZero();
      assertThat(run(graph, Tensors.fp32(new long[] {0, 3})).get(0).shape()).containsExactly(0, 3);
    }
  }

  @Test
  void lanesOfOneModuleRunAtTheSameTime() throws Exception {
    try (Graph graph = load(TorchScripts.linear(file(), 1, 2, 3, 4));
        var threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> work =
          () -> {
            int right = 0;
            try (GraphLane lane = graph.newLane()) {
              for (int i = 0; i < 100; i++) {
                float[] y =
                    Tensors.floats(lane.run(List.of(Tensors.fp32(new long[] {1, 2}, i, 0))).get(0));
                right += y[0] == i && y[1] == 2 * i ? 1 : 0;
              }
            }
            return right;
          };
      List<Future<Integer>> lanes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        lanes.add(threads.submit(work));
      }
      for (Future<Integer> lane : lanes) {
        assertThat(lane.get()).isEqualTo(100);
      }
    }
  }

  @Test
  void aFailedRunLeavesTheLaneUsable() throws Exception {
    try (Graph graph = load(TorchScripts.add(file()));
        GraphLane lane = graph.newLane()) {
      Tensor two = Tensors.fp32(new long[] {2}, 1, 2);
      Tensor three = Tensors.fp32(new long[] {3}, 1, 2, 3);
      assertThatThrownBy(() -> lane.run(List.of(two, three)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("the run failed: ")
          .hasMessageContaining("must match");

      assertThat(Tensors.floats(lane.run(List.of(two, two)).get(0))).containsExactly(2, 4);
    }
  }

  @Test
  void argumentsThatAreNoTensorsNeedADefault() throws Exception {
    assertThatThrownBy(
            () -> load(TorchScripts.module(file(), "x: Tensor,\n    n: int", "Tensor", "return x")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the argument 'n' of forward is a int");

    Path file =
        TorchScripts.module(file(), "x: Tensor,\n    n: int=2", "Tensor", "return torch.mul(x, n)");
    try (Graph graph = load(file)) {
      assertThat(Tensors.floats(run(graph, Tensors.fp32(new long[] {1}, 4)).get(0)))
          .containsExactly(8);
    }
  }

  @Test
  void filesThatAreNotTorchScriptAreRefusedByWhatTheyHold() throws Exception {
    Path pickle =
        Files.write(folder.resolve("pickle.pt"), new byte[] {(byte) 0x80, 2, 'c', 'o', 's'});
    Path text = Files.writeString(folder.resolve("text.pt"), "hello", StandardCharsets.UTF_8);
    Path weights = TorchScripts.weightsOnly(folder.resolve("weights.pt"));

    assertThatThrownBy(() -> load(pickle))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("pickle.pt cannot be served: the file is a plain pickle");
    assertThatThrownBy(() -> load(text))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("not a TorchScript archive");
    assertThatThrownBy(() -> load(weights))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("holds no TorchScript code");
  }

  @Test
  void aFileThatEndsTooEarlyIsRefused() throws Exception {
    Path file = TorchScripts.linear(file(), 1, 2, 3, 4);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> load(file))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the archive is damaged");
  }

  @Test
  void codeThatDoesNotCompileIsRefused() {
    assertThatThrownBy(
            () -> load(TorchScripts.module(file(), "x: Tensor", "Tensor", "return nonsense(x)")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("PyTorch cannot load it");
  }
}
