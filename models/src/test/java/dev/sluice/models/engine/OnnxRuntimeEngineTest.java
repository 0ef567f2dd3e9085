// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Specs;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

class OnnxRuntimeEngineTest {
  @TempDir Path folder;

  private final Engines engines = new DjlEngines();

  private Graph load(OnnxBuilder model) throws EngineException {
    return engines.load(Specs.of(model.write(folder.resolve("model.onnx"))));
  }

  private static List<Tensor> run(Graph graph, Tensor... inputs) throws EngineException {
    try (GraphLane lane = graph.newLane()) {
      return lane.run(List.of(inputs));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"INT16", "UINT16", "UINT32", "UINT64", "BYTES"})
  void everyTypeOfFixedSizeComesBackAsItWent(DType type) throws Exception {
    byte[] bytes = new byte[6 * type.byteSize()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (type == DType.BOOL ? i % 2 : 7 * i + 1);
    }
    Tensor input = Tensors.raw(type, new long[] {2, 3}, bytes);
    try (Graph graph = load(OnnxModels.identity(type, -1, 3))) {
      assertThat(graph.inputs()).containsExactly(new TensorSpec("INPUT0", type, List.of(-1L, 3L)));

      Tensor output = run(graph, input).get(0);

      assertThat(output.type()).isEqualTo(type);
      assertThat(output.shape()).containsExactly(2, 3);
      assertThat(output.data()).isEqualTo(input.data());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"INT16", "UINT16", "UINT32", "UINT64"})
  void outputsMayHaveTypesThatInputsCannotHave(DType type) throws Exception {
    try (Graph graph = load(OnnxModels.cast(DType.INT32, type, -1))) {
      Tensor output = run(graph, Tensors.int32(new long[] {2}, 1, 200)).get(0);

      assertThat(output.type()).isEqualTo(type);
      assertThat(output.byteSize()).isEqualTo(2 * type.byteSize());
      assertThat(Byte.toUnsignedInt(output.data().get(type.byteSize()))).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"INT16", "UINT16", "UINT32", "UINT64"})
  void inputsThatCannotBeMadeAreRefusedWhenLoading(DType type) {
    assertThatThrownBy(() -> load(OnnxModels.identity(type, -1)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("input 'INPUT0' has the type " + type);
  }

  @Test
  void stringsKeepTheirCharactersAndShape() throws Exception {
    Tensor input =
        Tensors.strings(new long[] {2, 2}, "plain", "", "Zürich 東京", "\uD83D\uDE80 \u0000 end");
    try (Graph graph = load(OnnxModels.identity(DType.BYTES, -1, 2))) {
      Tensor output = run(graph, input).get(0);

      assertThat(output.shape()).containsExactly(2, 2);
      assertThat(output.data()).isEqualTo(input.data());
    }
  }

  @Test
  void stringsAreWorkedOnInsideTheGraph() throws Exception {
    String[] keys = {"two", "drei", "東京"};
    String[] meanings = {"2", "Zür", "Tokyo"};
    try (Graph graph = load(OnnxModels.dictionary(keys, meanings))) {
      Tensor output =
          run(graph, Tensors.strings(new long[] {4}, "drei", "four", "two", "東京")).get(0);

      assertThat(Tensors.strings(output)).containsExactly("Zür", "?", "2", "Tokyo");
    }
  }

  @Test
  void stringsThatAreNotUtf8AreRefused() throws Exception {
    Tensor input =
        Tensors.raw(
            DType.BYTES, new long[] {1}, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0xff);
    try (Graph graph = load(OnnxModels.identity(DType.BYTES, -1))) {
      assertThatThrownBy(() -> run(graph, input))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("UTF-8");
    }
  }

  @Test
  void scalarsHaveRankZero() throws Exception {
    try (Graph graph = load(OnnxModels.addSub(DType.FP32))) {
      assertThat(graph.inputs().get(0).dims()).isEmpty();

      List<Tensor> outputs = run(graph, Tensors.fp32(new long[0], 5), Tensors.fp32(new long[0], 3));

      assertThat(outputs.get(0).rank()).isZero();
      assertThat(Tensors.floats(outputs.get(0))).containsExactly(8);
      assertThat(Tensors.floats(outputs.get(1))).containsExactly(2);
    }
  }

  @Test
  void scalarStringsHaveRankZero() throws Exception {
    try (Graph graph = load(OnnxModels.identity(DType.BYTES))) {
      Tensor output = run(graph, Tensors.strings(new long[0], "one")).get(0);

      assertThat(output.rank()).isZero();
      assertThat(Tensors.strings(output)).containsExactly("one");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FP32", "INT64", "BOOL", "BYTES"})
  void sizesMayBeZero(DType type) throws Exception {
    try (Graph graph = load(OnnxModels.identity(type, -1, 4))) {
      Tensor output =
          run(graph, new Tensor(type, new long[] {0, 4}, ByteBuffer.allocate(0))).get(0);

      assertThat(output.shape()).containsExactly(0, 4);
      assertThat(output.byteSize()).isZero();
    }
  }

  @Test
  void sizesThatVaryAreShownAsMinusOneAndMayVary() throws Exception {
    try (Graph graph = load(OnnxModels.concat(DType.FP32))) {
      assertThat(graph.outputs().get(0).dims()).containsExactly(-1L, -1L);

      Tensor output =
          run(graph, Tensors.fp32(new long[] {1, 2}, 1, 2), Tensors.fp32(new long[] {1, 1}, 3))
              .get(0);

      assertThat(output.shape()).containsExactly(1, 3);
      assertThat(Tensors.floats(output)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void directMemoryAtAnOddAddressIsReadRight() throws Exception {
    ByteBuffer memory = ByteBuffer.allocateDirect(9).order(ByteOrder.LITTLE_ENDIAN);
    memory.putFloat(1, 1.5f).putFloat(5, -2f).position(1);
    try (Graph graph = load(OnnxModels.identity(DType.FP32, -1))) {
      Tensor output = run(graph, new Tensor(DType.FP32, new long[] {2}, memory)).get(0);

      assertThat(Tensors.floats(output)).containsExactly(1.5f, -2f);
    }
  }

  @Test
  void outputsStayAsTheyAreWhenTheLaneRunsAgain() throws Exception {
    try (Graph graph = load(OnnxModels.identity(DType.FP32, -1));
        GraphLane lane = graph.newLane()) {
      Tensor first = lane.run(List.of(Tensors.fp32(new long[] {2}, 1, 2))).get(0);
      lane.run(List.of(Tensors.fp32(new long[] {2}, 8, 9)));

      assertThat(Tensors.floats(first)).containsExactly(1, 2);
    }
  }

  @Test
  void aBatchGivesTheSameAsItsRowsAlone() throws Exception {
    try (Graph graph = load(OnnxModels.matmul(2, 2, 1, 2, 3, 4));
        GraphLane lane = graph.newLane()) {
      float[] batch = Tensors.floats(lane.run(List.of(rows(8, 0))).get(0));

      for (int row = 0; row < 8; row++) {
        float[] alone = Tensors.floats(lane.run(List.of(rows(1, row))).get(0));
        assertThat(alone).containsExactly(Arrays.copyOfRange(batch, 2 * row, 2 * row + 2));
      }
    }
  }

  @Test
  void lanesOfOneGraphRunAtTheSameTimeWithTheSameAnswers() throws Exception {
    try (Graph graph = load(OnnxModels.matmul(2, 2, 1, 2, 3, 4));
        var threads = Executors.newFixedThreadPool(4)) {
      float[] expected = Tensors.floats(run(graph, rows(8, 0)).get(0));
      Callable<Integer> work =
          () -> {
            int same = 0;
            try (GraphLane lane = graph.newLane()) {
              for (int i = 0; i < 200; i++) {
                float[] answer = Tensors.floats(lane.run(List.of(rows(8, 0))).get(0));
                same += Arrays.equals(answer, expected) ? 1 : 0;
              }
            }
            return same;
          };
      List<Future<Integer>> lanes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        lanes.add(threads.submit(work));
      }
      for (Future<Integer> lane : lanes) {
        assertThat(lane.get()).isEqualTo(200);
      }
    }
  }

  @Test
  void aFailedRunLeavesTheLaneUsable() throws Exception {
    try (Graph graph = load(OnnxModels.lookup());
        GraphLane lane = graph.newLane()) {
      assertThatThrownBy(() -> lane.run(List.of(Tensors.int64(new long[] {1, 1}, 99))))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("the run failed")
          .hasMessageContaining("out of data bounds");

      Tensor output = lane.run(List.of(Tensors.int64(new long[] {1, 1}, 2))).get(0);
      assertThat(Tensors.floats(output)).containsExactly(30);
    }
  }

  @Test
  void anInputOfTheWrongTypeOrLengthNeverReachesTheEngine() throws Exception {
    try (Graph graph = load(OnnxModels.identity(DType.FP32, -1))) {
      assertThatThrownBy(() -> run(graph, Tensors.int64(new long[] {1}, 1)))
          .isInstanceOf(EngineException.class)
          .hasMessage("input 'INPUT0' takes FP32, not INT64");
      assertThatThrownBy(() -> run(graph, Tensors.fp32(new long[] {4}, 1)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("input 'INPUT0' has 4 bytes");
      assertThatThrownBy(() -> run(graph, Tensors.fp32(new long[] {-1, -1}, 1)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("which is not FP32[-1, -1]");
      assertThatThrownBy(() -> run(graph, Tensors.fp32(new long[] {Long.MAX_VALUE, 4}, 1)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("input 'INPUT0' has 4 bytes");
      assertThatThrownBy(() -> run(graph))
          .isInstanceOf(EngineException.class)
          .hasMessage("the model takes 1 inputs, not 0");
    }
  }

  @Test
  void classScoresComeAsOneTensorInTheOrderOfTheClasses() throws Exception {
    try (Graph graph = load(OnnxModels.classifierWithMaps("zebra", "ant", "mole"))) {
      assertThat(graph.outputs())
          .containsExactly(
              new TensorSpec("output_label", DType.BYTES, List.of(-1L)),
              new TensorSpec("output_probability", DType.FP32, List.of(-1L, 3L)));

      List<Tensor> outputs = run(graph, Tensors.fp32(new long[] {2, 2}, 3, 0, 0, 5));

      assertThat(Tensors.strings(outputs.get(0))).containsExactly("zebra", "ant");
      float[] scores = Tensors.floats(outputs.get(1));
      assertThat(scores[0]).isCloseTo((float) (Math.exp(3) / (Math.exp(3) + 2)), within(1e-5f));
      assertThat(scores[4]).isCloseTo((float) (Math.exp(5) / (Math.exp(5) + 2)), within(1e-5f));
    }
  }

  @Test
  void classesMayBeIntegers() throws Exception {
    try (Graph graph = load(OnnxModels.classifierWithIntegerMaps(7, 8, 9))) {
      List<Tensor> outputs = run(graph, Tensors.fp32(new long[] {1, 2}, 0, 5));

      assertThat(Tensors.longs(outputs.get(0))).containsExactly(8);
      assertThat(outputs.get(1).shape()).containsExactly(1, 3);
    }
  }

  @Test
  void aFileThatEndsTooEarlyIsRefused() throws IOException {
    Path file = OnnxModels.matmul(2, 2, 1, 2, 3, 4).write(folder.resolve("cut.onnx"));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> engines.load(Specs.of(file)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("cut.onnx cannot be loaded");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> engines.load(Specs.of(folder.resolve("none.onnx"))))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the file cannot be read");
  }

  @Test
  void aCardThatCannotBeHadIsAnErrorThatSaysWhy() {
    Path file = OnnxModels.identity(DType.FP32, -1).write(folder.resolve("model.onnx"));
    ModelSettings gpu =
        new ModelSettings(
            new DeviceChoice.Gpu(99),
            ModelSettings.DEFAULT.lanes(),
            ModelSettings.DEFAULT.maxBatchRows(),
            ModelSettings.DEFAULT.maxBatchTokens(),
            ModelSettings.DEFAULT.linger(),
            ModelSettings.DEFAULT.maxQueueRows(),
            ModelSettings.DEFAULT.queueTimeout());

    assertThatThrownBy(() -> engines.load(Specs.of(file, ModelConfig.getDefaultInstance(), gpu)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the device gpu:99 cannot be had: ");
  }

  private static Tensor rows(int count, int from) {
    float[] values = new float[2 * count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (2 * from + i) * 0.37f;
    }
    return Tensors.fp32(new long[] {count, 2}, values);
  }
}
