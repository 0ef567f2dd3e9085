// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.Tensors;
import dev.sluice.models.text.TinyTokenizer;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInstanceGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small graphs of every shape that text models come in. Tokens are looked up in a table. */
class LoadedTextEmbedderTest {
  private static final int MAX_TOKENS = 12;
  private static Engines engines;

  @TempDir private Path folder;

  @BeforeAll
  static void engines() {
    engines = new DjlEngines();
  }

  /** One vector of 2 for each of the tokenizer's 4 ids; that of id 2 is not a number. */
  private static OnnxBuilder table(DType ids) {
    return new OnnxBuilder()
        .input("input_ids", ids, -1, -1)
        .constant("table", Tensors.fp32(new long[] {4, 2}, 0, 1, 10, 11, Float.NaN, 0, 30, 31))
        .node("Gather", List.of("table", "input_ids"), List.of("rows"));
  }

  private static OnnxBuilder perToken(String output) {
    return table(DType.INT64)
        .input("attention_mask", DType.INT64, -1, -1)
        .output(output, DType.FP32, -1, -1, 2)
        .node("Identity", List.of("rows"), List.of(output));
  }

  private ModelSpec spec(OnnxBuilder model, Pooling pooling) throws IOException {
    return spec(model, pooling, ModelConfig.getDefaultInstance(), ModelSettings.DEFAULT);
  }

  private ModelSpec spec(
      OnnxBuilder model, Pooling pooling, ModelConfig config, ModelSettings settings)
      throws IOException {
    TextSpec tiny = TinyTokenizer.spec(folder, MAX_TOKENS, false);
    TextSpec text = new TextSpec(tiny.tokenizer(), MAX_TOKENS, false, pooling, false, 0);
    return new ModelSpec(
        "tiny",
        1,
        Task.EMBED,
        EngineKind.ONNX_RUNTIME,
        folder,
        model.write(folder.resolve("model.onnx")),
        config,
        text,
        settings);
  }

  private float[][] run(OnnxBuilder model, Pooling pooling, int[]... batch) throws Exception {
    try (LoadedTextEmbedder embedder = LoadedTextEmbedder.load(spec(model, pooling), engines, 1);
        TextEmbedder.EmbedLane lane = embedder.newLane()) {
      return lane.run(batch);
    }
  }

  private void refused(OnnxBuilder model, Pooling pooling, String... reasons) throws IOException {
    ModelSpec spec = spec(model, pooling);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> LoadedTextEmbedder.load(spec, engines, 1))
        .satisfies(e -> assertThat(e).hasMessageContainingAll(reasons));
  }

  @Test
  void poolsTokenVectorsAsTheSpecSays() throws Exception {
    int[][] batch = {{1, 3}, {3}};
    assertThat(run(perToken("last_hidden_state"), Pooling.MEAN, batch))
        .isDeepEqualTo(new float[][] {{20, 21}, {30, 31}});
    assertThat(run(perToken("token_embeddings"), Pooling.CLS, batch))
        .isDeepEqualTo(new float[][] {{10, 11}, {30, 31}});
    assertThat(run(perToken("anything"), Pooling.LAST_TOKEN, batch))
        .isDeepEqualTo(new float[][] {{30, 31}, {30, 31}});
  }

  @Test
  void takesVectorsThatTheGraphPooled() throws Exception {
    OnnxBuilder model =
        table(DType.INT64)
            .output("first", DType.FP32, -1, -1, 2)
            .output("sentence_embedding", DType.FP32, -1, 2)
            .node("Identity", List.of("rows"), List.of("first"))
            .node(
                "ReduceMean",
                List.of("rows"),
                List.of("sentence_embedding"),
                OnnxBuilder.ints("axes", 1),
                OnnxBuilder.integer("keepdims", 0));
    assertThat(run(model, Pooling.NONE, new int[] {1, 3})).isDeepEqualTo(new float[][] {{20, 21}});
  }

  @Test
  void rowsAreNeverPaddedForAGraphWithoutAMask() throws Exception {
    OnnxBuilder model =
        table(DType.INT64)
            .output("sentence_embedding", DType.FP32, -1, 2)
            .node(
                "ReduceMean",
                List.of("rows"),
                List.of("sentence_embedding"),
                OnnxBuilder.ints("axes", 1),
                OnnxBuilder.integer("keepdims", 0));
    assertThat(run(model, Pooling.NONE, new int[] {3, 1, 3, 1}, new int[] {3}))
        .isDeepEqualTo(new float[][] {{20, 21}, {30, 31}});
  }

  @Test
  void readsHalvesAndTakesShortIds() throws Exception {
    OnnxBuilder model =
        table(DType.INT32)
            .input("attention_mask", DType.INT32, -1, -1)
            .output("last_hidden_state", DType.FP16, -1, -1, 2)
            .node(
                "Cast",
                List.of("rows"),
                List.of("last_hidden_state"),
                OnnxBuilder.integer("to", 10));
    assertThat(run(model, Pooling.MEAN, new int[] {1, 3}, new int[] {1}))
        .isDeepEqualTo(new float[][] {{20, 21}, {10, 11}});
  }

  @Test
  void vectorThatIsNotANumberFailsTheRun() throws Exception {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> run(perToken("last_hidden_state"), Pooling.MEAN, new int[] {1, 2}))
        .withMessageContaining("not all finite");
  }

  @Test
  void rowWithoutTokensIsRefused() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(perToken("last_hidden_state"), Pooling.MEAN, new int[] {}));
  }

  @Test
  void noRowsAreNoVectors() throws Exception {
    assertThat(run(perToken("last_hidden_state"), Pooling.MEAN)).isEmpty();
  }

  @Test
  void graphWithoutAFittingOutputIsRefused() throws Exception {
    refused(
        perToken("last_hidden_state"),
        Pooling.NONE,
        "needs a float output [batch, size]",
        "last_hidden_state FP32[-1, -1, 2]");
    OnnxBuilder integers =
        new OnnxBuilder()
            .input("input_ids", DType.INT64, -1, -1)
            .output("ids", DType.INT64, -1, -1)
            .node("Identity", List.of("input_ids"), List.of("ids"));
    refused(integers, Pooling.MEAN, "needs a float output [batch, tokens, size]", "ids INT64");
  }

  @Test
  void graphWithUnknownInputsIsRefused() throws Exception {
    refused(
        perToken("last_hidden_state").input("pixel_values", DType.FP32, -1, 3),
        Pooling.MEAN,
        "pixel_values is none of these");
    OnnxBuilder noIds =
        new OnnxBuilder()
            .input("attention_mask", DType.INT64, -1, -1)
            .output("y", DType.INT64, -1, -1)
            .node("Identity", List.of("attention_mask"), List.of("y"));
    refused(noIds, Pooling.MEAN, "needs an input input_ids");
    refused(
        table(DType.INT64)
            .input("attention_mask", DType.INT64, 1, 128)
            .output("y", DType.FP32, -1, -1, 2)
            .node("Identity", List.of("rows"), List.of("y")),
        Pooling.MEAN,
        "attention_mask has not the shape [-1, -1]");
  }

  @Test
  void tokenizerOfAnotherModelIsRefused() throws Exception {
    OnnxBuilder model =
        new OnnxBuilder()
            .input("input_ids", DType.INT64, -1, -1)
            .output("y", DType.FP32, -1, -1, 1)
            .constant("table", Tensors.fp32(new long[] {3, 1}, 1, 2, 3))
            .node("Gather", List.of("table", "input_ids"), List.of("y"));
    refused(model, Pooling.MEAN, "not this model's", "4 token ids, the model 3");
  }

  @Test
  void tooFewPositionsAreFoundBeforeAnyClientDoes() throws Exception {
    OnnxBuilder model =
        table(DType.INT64)
            .input("position_ids", DType.INT64, -1, -1)
            .output("y", DType.FP32, -1, -1, 2)
            .constant("positions", Tensors.fp32(new long[] {MAX_TOKENS - 1, 1}, new float[11]))
            .node("Gather", List.of("positions", "position_ids"), List.of("places"))
            .node("Add", List.of("rows", "places"), List.of("y"));
    refused(model, Pooling.MEAN, "the first run on a text of 12 tokens failed");
  }

  @Test
  void brokenModelFileIsRefused() throws Exception {
    ModelSpec spec = spec(perToken("last_hidden_state"), Pooling.MEAN);
    Files.write(spec.file(), new byte[] {1, 2, 3});
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> LoadedTextEmbedder.load(spec, engines, 1));
    assertThat(OnnxOutline.read(spec.file())).isEqualTo(OnnxOutline.UNKNOWN);
  }

  @Test
  void settingsOfTheOperatorGoFirst() throws Exception {
    ModelConfig config =
        ModelConfig.newBuilder()
            .setMaxBatchSize(7)
            .addInstanceGroup(ModelInstanceGroup.newBuilder().setCount(2))
            .build();
    assertLanesAndBatch(config, ModelSettings.DEFAULT, 2, 7);
    ModelSettings settings =
        new ModelSettings(
            DeviceChoice.CPU,
            OptionalInt.of(5),
            OptionalInt.of(9),
            OptionalLong.empty(),
            Duration.ZERO,
            OptionalInt.empty(),
            Duration.ZERO);
    assertLanesAndBatch(config, settings, 5, 9);
  }

  private void assertLanesAndBatch(
      ModelConfig config, ModelSettings settings, int lanes, int maxBatch) throws Exception {
    ModelSpec spec = spec(perToken("last_hidden_state"), Pooling.MEAN, config, settings);
    try (LoadedTextEmbedder embedder = LoadedTextEmbedder.load(spec, engines, 1)) {
      assertThat(embedder.lanes()).isEqualTo(lanes);
      assertThat(embedder.spec().config().getMaxBatchSize()).isEqualTo(maxBatch);
      assertThat(embedder.spec().config().getInstanceGroupList())
          .isEqualTo(config.getInstanceGroupList());
    }
  }

  @Test
  void outlineTellsThePrecisionOfMostWeights() {
    Path halves = folder.resolve("fp16.onnx");
    OnnxBuilder model =
        new OnnxBuilder()
            .input("x", DType.FP16, -1)
            .constant("w", Tensors.raw(DType.FP16, new long[] {4}, new byte[8]))
            .constant("b", Tensors.fp32(new long[] {1}, 1));
    assertThat(OnnxOutline.read(model.write(halves)).precision()).isEqualTo("fp16");
    model.constant("q", Tensors.raw(DType.INT8, new long[] {3, 3}, new byte[9]));
    assertThat(OnnxOutline.read(model.write(halves)).precision()).isEqualTo("int8");
  }

  @Test
  void outlineOfAMangledFileIsNeverAnError() throws Exception {
    byte[] good = perToken("last_hidden_state").build().toByteArray();
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int i = 0; i < 3; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      Path file = Files.write(folder.resolve("mangled.onnx"), bad);
      assertThat(OnnxOutline.read(file).precision()).isIn("fp32", "fp16", "bf16", "int8");
    }
  }
}
