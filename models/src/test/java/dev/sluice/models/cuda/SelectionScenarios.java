// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.TestEncoder.Style;
import dev.sluice.models.rewrite.TestTail;
import dev.sluice.models.serving.LoadedTextEmbedder;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.text.TinyTokenizer;
import dev.sluice.models.text.Vectors;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Which engine gets a model of texts, on a machine with a card. */
final class SelectionScenarios {
  private static final DeviceChoice CARD = new DeviceChoice.Gpu(0);
  private static final Engines ENGINES = new DjlEngines();

  private SelectionScenarios() {}

  static void anotherBlock() throws Exception {
    assertNextEngine(Style.MPNET, "the node '/Reshape_");
  }

  static void tooLittleMemory() throws Exception {
    assertNextEngine(Style.BERT, "of device memory needed, 97.7 KiB of the card's 97.7 KiB free");
  }

  private static void assertNextEngine(Style style, String why) throws Exception {
    try (Graph graph = ENGINES.load(spec(style, DeviceChoice.AUTO))) {
      assertThat(graph.device()).isEqualTo("cpu");
      assertThat(graph.packed()).isEmpty();
    }
    assertThatThrownBy(() -> ENGINES.load(spec(style, CARD)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the device gpu:0 cannot be had: this ONNX Runtime is the CPU build")
        .hasMessageContaining("nor by SluiceCuda: ")
        .hasMessageContaining(why);
  }

  static void theCpuIsAChoice() throws Exception {
    assertThat(((DjlEngines) ENGINES).runsOnCpu(spec(Style.BERT, DeviceChoice.AUTO))).isFalse();
    ModelSpec spec = spec(Style.BERT, DeviceChoice.CPU);
    assertThat(((DjlEngines) ENGINES).runsOnCpu(spec)).isTrue();
    try (Graph graph = ENGINES.load(spec)) {
      assertThat(graph.device()).isEqualTo("cpu");
    }
  }

  static void anEncoderIsServed() throws Exception {
    int[][] batch = {{1, 2, 3, 2, 1, 3, 3}, {2}, {3, 3, 1, 2, 2, 1, 3, 1, 2, 3, 1, 1}};
    try (TextEmbedder onCard = embedder(DeviceChoice.AUTO);
        TextEmbedder onCpu = embedder(DeviceChoice.CPU)) {
      assertThat(onCard.device()).isEqualTo("gpu:0");
      assertThat(onCard.variant()).isEqualTo("fp16");
      assertThat(onCard.lanes()).isEqualTo(2);
      assertThat(onCard.dimensions()).isEqualTo(64);
      assertThat(onCard.packed()).contains(new Packed("fp16", 16_384, 1_024, 2));
      assertThat(onCpu.packed()).isEmpty();
      try (TextEmbedder.EmbedLane first = onCard.newLane();
          TextEmbedder.EmbedLane second = onCard.newLane();
          TextEmbedder.EmbedLane reference = onCpu.newLane();
          ExecutorService threads = Executors.newFixedThreadPool(2)) {
        float[][] expected = reference.run(batch);
        List<Callable<float[][]>> runs = List.of(() -> first.run(batch), () -> second.run(batch));
        for (Future<float[][]> run : threads.invokeAll(runs)) {
          float[][] got = run.get();
          for (int row = 0; row < batch.length; row++) {
            // At 1e-6 half the square of the relative error.
            assertThat(Vectors.cosine(got[row], expected[row])).isGreaterThan(0.999_995);
          }
        }
      }
    }
  }

  static void aFileThatPoolsIsServed() throws Exception {
    int[][] batch = {{1, 2, 3, 2, 1, 3, 3}, {2}, {3, 3, 1, 2, 2}};
    try (TextEmbedder onCard = pooling(DeviceChoice.AUTO);
        TextEmbedder onCpu = pooling(DeviceChoice.CPU);
        TextEmbedder.EmbedLane lane = onCard.newLane();
        TextEmbedder.EmbedLane reference = onCpu.newLane()) {
      assertThat(onCard.device()).isEqualTo("gpu:0");
      float[][] got = lane.run(batch);
      float[][] expected = reference.run(batch);
      for (int row = 0; row < batch.length; row++) {
        assertThat(Vectors.cosine(got[row], expected[row])).isGreaterThan(0.999_995);
      }
    }
  }

  /** Its own vectors, though it has those of tokens as well. */
  private static TextEmbedder pooling(DeviceChoice device) throws Exception {
    Path file = EndingScenarios.file(Style.BERT, TestTail.mean(true, true));
    TextSpec text =
        TinyTokenizer.spec(EngineScenarios.folder(file), 20, false)
            .withPooling(TextSpec.Pooling.NONE);
    return LoadedTextEmbedder.load(spec(file, device, text), ENGINES, 1);
  }

  static void aFaultEndsEveryRun() throws Exception {
    try (Graph graph = ENGINES.load(spec(Style.BERT, CARD));
        GraphLane lane = graph.newLane()) {
      List<Tensor> inputs = graph.inputs().stream().map(input -> ones(input.name())).toList();
      assertThat(lane.run(inputs)).hasSize(1);
      String cause = "the card is out of service until this process is started again: stream ";
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  lane.run(inputs);
                }
              })
          .isInstanceOf(EngineException.class)
          .hasMessageContaining(cause)
          .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
      assertThatThrownBy(() -> lane.run(inputs)).hasMessageContaining(cause);
      try (Graph next = ENGINES.load(spec(Style.BERT, DeviceChoice.AUTO))) {
        assertThat(next.device()).isEqualTo("cpu");
      }
    }
  }

  private static Tensor ones(String name) {
    long[] values = new long[6];
    Arrays.fill(values, name.equals("token_type_ids") ? 0 : 1);
    return TensorValues.ofLongs(new long[] {2, 3}, values);
  }

  private static TextEmbedder embedder(DeviceChoice device) throws Exception {
    return LoadedTextEmbedder.load(spec(Style.BERT, device), ENGINES, 1);
  }

  static ModelSpec spec(Style style, DeviceChoice device) throws Exception {
    Path file = EngineScenarios.file(style);
    return spec(file, device, TinyTokenizer.spec(EngineScenarios.folder(file), 20, false));
  }

  private static ModelSpec spec(Path file, DeviceChoice device, TextSpec text) {
    return new ModelSpec(
        "model",
        1,
        Task.EMBED,
        EngineKind.ONNX_RUNTIME,
        EngineScenarios.folder(file),
        file,
        ModelConfig.getDefaultInstance(),
        text,
        ModelSettings.DEFAULT.on(device, OptionalInt.empty()));
  }
}
