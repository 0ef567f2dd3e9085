// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.Runs;
import dev.sluice.models.rewrite.Runs.Texts;
import dev.sluice.models.rewrite.TestEncoder;
import dev.sluice.models.rewrite.TestEncoder.Size;
import dev.sluice.models.rewrite.TestEncoder.Style;
import dev.sluice.models.text.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The engine as DJL shows it. */
final class EngineScenarios {
  private static final int HIDDEN = 64;
  private static final Texts TEXTS = Texts.of(TestEncoder.VOCABULARY, 20, 1, 7);
  private static final Map<String, String> MEAN = Map.of("pooling", "mean", "maxTokens", "256");

  private EngineScenarios() {}

  static void criteriaFindIt() throws Exception {
    withModel(
        MEAN,
        (predictor, manager) -> {
          NDList result = predictor.predict(inputs(manager, TEXTS));
          assertThat(result.head().getShape()).isEqualTo(new Shape(3, HIDDEN));
          assertThat(result.head().getName()).isEqualTo("sentence_embedding");
          assertThat(result.head().toFloatArray()).satisfies(rows -> near(rows, means(), 2e-3));
        });
  }

  static void tokensAreWhatTheFileGives() throws Exception {
    withModel(
        Map.of("maxTokens", "256"),
        (predictor, manager) -> {
          NDArray result = predictor.predict(inputs(manager, TEXTS)).head();
          assertThat(result.getShape()).isEqualTo(new Shape(3, TEXTS.width(), HIDDEN));
          float[] expected = Runs.ofTokens(Runs.run(model(), TEXTS), TEXTS);
          float[] got =
              Runs.ofTokens(
                  TensorValues.ofFloats(result.getShape().getShape(), result.toFloatArray()),
                  TEXTS);
          near(got, expected, 4e-3);
          assertThat(Arrays.copyOfRange(result.toFloatArray(), 21 * HIDDEN, 40 * HIDDEN))
              .as("padding")
              .containsOnly(0);
        });
  }

  static void paddingChangesNothing() throws Exception {
    withModel(
        MEAN,
        (predictor, manager) -> {
          float[] together = predictor.predict(inputs(manager, TEXTS)).head().toFloatArray();
          long[] ids = TensorValues.longs(TEXTS.input("input_ids"));
          int from = 2 * TEXTS.width();
          NDList alone =
              rows(
                  manager,
                  1,
                  Arrays.copyOfRange(ids, from, from + 7),
                  new long[] {1, 1, 1, 1, 1, 1, 1});
          assertThat(predictor.predict(alone).head().toFloatArray())
              .containsExactly(Arrays.copyOfRange(together, 2 * HIDDEN, 3 * HIDDEN));
        });
  }

  static void int8IsAnOption() throws Exception {
    Map<String, String> options = Map.of("pooling", "mean", "precision", "int8");
    withModel(
        options,
        (predictor, manager) -> {
          float[] rows = predictor.predict(inputs(manager, TEXTS)).head().toFloatArray();
          float[] expected = means();
          assertThat(rows).isNotEqualTo(expected);
          for (int row = 0; row < 3; row++) {
            assertThat(Vectors.cosine(row(rows, row), row(expected, row))).isGreaterThan(0.995);
          }
        });
  }

  static void wrongInputsAreRefused() throws Exception {
    withModel(
        MEAN,
        (predictor, manager) -> {
          long[] two = {3, 4};
          refused(
              predictor,
              rows(manager, 1, two, new long[] {0, 0}),
              "row 0: the attention_mask leaves");
          refused(
              predictor,
              rows(manager, 1, two, new long[] {0, 1}),
              "row 0: the attention_mask leaves");
          refused(
              predictor,
              rows(manager, 1, new long[] {3, 4, 5}, new long[] {1, 0, 1}),
              "row 0: the attention_mask must be ones, and behind them zeros");
          refused(
              predictor,
              rows(manager, 1, new long[] {3, TestEncoder.VOCABULARY}, new long[] {1, 1}),
              "token id 40 at place 1 is not in 0 to 39");
          refused(
              predictor,
              rows(manager, 16, new long[16 * 17], ones(16 * 17)),
              "a batch of 272 tokens in 16 sequences is beyond the lane's 256 tokens");
          refused(predictor, new NDList(manager.create(two, new Shape(1, 2))), "the inputs are");
          assertThat(predictor.predict(rows(manager, 1, two, ones(2)))).hasSize(1);
        });
  }

  static void wrongOptionsAreRefused() throws Exception {
    Map<String, String> wrong =
        Map.of(
            "precision", "precision must be fp16 or int8, not fp8",
            "pooling", "pooling must be none, mean, cls or last_token, not fp8",
            "lanes", "lanes must be a number, not fp8",
            "threads", "no option 'threads': there are cardMemory, lanes, maxSequences",
            "cardMemory", "cardMemory must be all, bytes or a share such as 80%, not fp8");
    for (Map.Entry<String, String> option : wrong.entrySet()) {
      assertThatThrownBy(
              () -> withModel(Map.of(option.getKey(), "fp8"), (predictor, manager) -> {}))
          .hasStackTraceContaining(option.getValue());
    }
  }

  /** The card's vectors are those of another file: as if a kernel computed something else. */
  static void wrongWeightsAreNotServed() throws Exception {
    Path right = file(Style.BERT);
    Path wrong = file(Style.DISTILBERT);
    CardEncoder encoder = CardEncoder.load(folder(right), right, 0, EncoderOptions.of(MEAN));
    assertThatThrownBy(() -> SelfCheck.require(encoder, folder(wrong), wrong))
        .isInstanceOf(EngineException.class)
        .hasMessageMatching(
            "the card disagrees with the CPU on 9 token ids: cosine .*, relative error .*");
    encoder.close();
  }

  interface Use {
    void of(Predictor<NDList, NDList> predictor, NDManager manager) throws Exception;
  }

  private static void withModel(Map<String, String> options, Use use) throws Exception {
    Criteria.Builder<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(file(Style.BERT))
            .optEngine("SluiceCuda")
            .optTranslator(new NoopTranslator());
    options.forEach(criteria::optOption);
    try (ZooModel<NDList, NDList> model = criteria.build().loadModel();
        Predictor<NDList, NDList> predictor = model.newPredictor();
        NDManager manager = model.getNDManager().newSubManager()) {
      use.of(predictor, manager);
    }
  }

  private static OnnxModel model() throws Exception {
    return OnnxModel.of(TestEncoder.build(Style.BERT, Size.FOR_CARDS));
  }

  static Path file(Style style) throws Exception {
    Path file = Files.createTempDirectory("encoder").resolve("model.onnx");
    OnnxModel.of(TestEncoder.build(style, Size.FOR_CARDS)).write(file);
    file.toFile().deleteOnExit();
    return file;
  }

  static Path folder(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new AssertionError(file);
    }
    return folder;
  }

  private static NDList inputs(NDManager manager, Texts texts) {
    return rows(
        manager,
        texts.sizes().size(),
        TensorValues.longs(texts.input("input_ids")),
        TensorValues.longs(texts.input("attention_mask")));
  }

  private static NDList rows(NDManager manager, int rows, long[] ids, long[] mask) {
    Shape shape = new Shape(rows, ids.length / rows);
    return new NDList(
        manager.create(ids, shape),
        manager.create(mask, shape),
        manager.create(new long[ids.length], shape));
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static void refused(Predictor<NDList, NDList> predictor, NDList inputs, String why) {
    assertThatThrownBy(() -> predictor.predict(inputs)).hasStackTraceContaining(why);
  }

  /** By ONNX Runtime, in FP32. */
  private static float[] means() {
    try {
      float[] tokens = TensorValues.floats(Runs.run(model(), TEXTS));
      float[] means = new float[3 * HIDDEN];
      for (int row = 0; row < 3; row++) {
        int length = TEXTS.lengths()[row];
        for (int i = 0; i < length * HIDDEN; i++) {
          means[row * HIDDEN + i % HIDDEN] += tokens[row * TEXTS.width() * HIDDEN + i] / length;
        }
      }
      return means;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static float[] row(float[] rows, int row) {
    return Arrays.copyOfRange(rows, row * HIDDEN, (row + 1) * HIDDEN);
  }

  /** The error of each row, as a share of the row's length. */
  private static void near(float[] rows, float[] expected, double most) {
    assertThat(rows).hasSameSizeAs(expected);
    for (int row = 0; row < rows.length / HIDDEN; row++) {
      double error = 0;
      double length = 0;
      for (int i = row * HIDDEN; i < (row + 1) * HIDDEN; i++) {
        error += Math.pow(rows[i] - (double) expected[i], 2);
        length += Math.pow(expected[i], 2);
      }
      assertThat(Math.sqrt(error / length)).as("row %d", row).isLessThan(most);
    }
  }
}
