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
import dev.sluice.models.rewrite.TestTail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Files that do more than give the vectors of tokens, as DJL shows them. */
final class EndingScenarios {
  /** Pairs and single texts in one batch. */
  static final Texts TEXTS = Texts.of(TestEncoder.VOCABULARY, 20, 1, 7, 22, 12).withPairs();

  static final TestTail RANKING = TestTail.labels("Tanh", 1, true);

  private EndingScenarios() {}

  static void crossEncodersRankAlike() throws Exception {
    for (Style style : List.of(Style.BERT, Style.BERT_SDPA, Style.XLM_ROBERTA)) {
      Path file = file(style, RANKING);
      float[] got = run(file, Map.of(), "logits", 1);
      float[] expected = onCpu(file);
      nearLabels(got, expected, 0.01);
      assertThat(ranks(got)).isEqualTo(ranks(expected));
      nearLabels(run(file, Map.of("precision", "int8"), "logits", 1), expected, 0.3);
    }
  }

  static void classifiersGiveTheirLabels() throws Exception {
    Path relu = file(Style.DISTILBERT, TestTail.labels("Relu", 2, false));
    nearLabels(run(relu, Map.of(), "logits", 2), onCpu(relu), 0.01);
    Path many = file(Style.ROBERTA, TestTail.labels("Tanh", 40, false));
    nearLabels(run(many, Map.of(), "logits", 40), onCpu(many), 0.01);
  }

  /** Without its types, a pair is another input: what is compared above is not that. */
  static void pairsAreToldApart() throws Exception {
    Path file = file(Style.BERT, RANKING);
    float[] pairs = run(file, Map.of(), "logits", 1);
    Texts single = new Texts(TEXTS.vocabulary(), TEXTS.sizes(), false);
    float[] singles = run(file, Map.of(), "logits", 1, single);
    assertThat(pairs[0]).isNotEqualTo(singles[0]);
    assertThat(pairs[1]).as("a single text in either batch").isEqualTo(singles[1]);
  }

  static void filesPoolByThemselves() throws Exception {
    List<TestTail> tails =
        List.of(TestTail.mean(true, false), TestTail.mean(false, false), TestTail.firstToken(true));
    for (TestTail tail : tails) {
      Path file = file(Style.BERT_SDPA, tail);
      nearVectors(run(file, Map.of(), "sentence_embedding", 64), onCpu(file));
    }
    Path both = file(Style.BERT, TestTail.mean(true, true));
    float[] expected = onCpu(file(Style.BERT, TestTail.mean(true, false)));
    Map<String, String> wanted = Map.of("output", "sentence_embedding");
    nearVectors(run(both, wanted, "sentence_embedding", 64), expected);
    Map<String, String> pooled = Map.of("pooling", "mean", "normalize", "true");
    nearVectors(run(both, pooled, "sentence_embedding", 64), expected);
  }

  static void aSecondOutputDoesNotMatter() throws Exception {
    Path file = file(Style.BERT, TestTail.TOKENS_AND_POOLER);
    Path plain = file(Style.BERT, TestTail.TOKENS);
    Map<String, String> mean = Map.of("pooling", "mean");
    assertThat(run(file, mean, "sentence_embedding", 64))
        .containsExactly(run(plain, mean, "sentence_embedding", 64));
  }

  static void whatCannotBeGivenIsRefused() throws Exception {
    Path ranking = file(Style.BERT, RANKING);
    refused(
        ranking,
        Map.of("pooling", "mean"),
        "pooling must be none: logits has no vectors of tokens to pool");
    refused(ranking, Map.of("output", "last_hidden_state"), "it gives no last_hidden_state");
    refused(
        file(Style.BERT, TestTail.labels("Tanh", 1025, true)),
        Map.of(),
        "labels must be 1 to 1024, not 1025");
    refused(
        file(Style.BERT, TestTail.labels("Sigmoid", 1, true)),
        Map.of(),
        "(Sigmoid) is none of tanh, ReLU and GELU before labels");
  }

  /** As if a kernel computed something else: the same kind of model with other weights. */
  static void wrongLabelsAreNotServed() throws Exception {
    Path right = file(Style.BERT, RANKING);
    Path wrong = file(Style.DISTILBERT, RANKING);
    try (CardEncoder encoder =
        CardEncoder.load(
            EngineScenarios.folder(right), right, 0, EncoderOptions.of(Map.of("lanes", "1")))) {
      assertThatThrownBy(() -> SelfCheck.require(encoder, EngineScenarios.folder(wrong), wrong))
          .isInstanceOf(EngineException.class)
          .hasMessageMatching(
              "the card disagrees with the CPU on labels: the error is .* of their spread, at most"
                  + " 0\\.010");
    }
  }

  static Path file(Style style, TestTail tail) throws Exception {
    Path file = Files.createTempDirectory("encoder").resolve("model.onnx");
    OnnxModel.of(TestEncoder.build(style, Size.FOR_CARDS, tail)).write(file);
    file.toFile().deleteOnExit();
    return file;
  }

  private static float[] run(Path file, Map<String, String> options, String output, int width)
      throws Exception {
    return run(file, options, output, width, TEXTS);
  }

  private static float[] run(
      Path file, Map<String, String> options, String output, int width, Texts texts)
      throws Exception {
    try (ZooModel<NDList, NDList> model = load(file, options);
        Predictor<NDList, NDList> predictor = model.newPredictor();
        NDManager manager = model.getNDManager().newSubManager()) {
      NDList inputs = new NDList();
      for (String name : model.describeInput().keys()) {
        NDArray array =
            manager.create(
                TensorValues.longs(texts.input(name)),
                new Shape(texts.sizes().size(), texts.width()));
        array.setName(name);
        inputs.add(array);
      }
      NDArray result = predictor.predict(inputs).singletonOrThrow();
      assertThat(result.getName()).isEqualTo(output);
      assertThat(result.getShape()).isEqualTo(new Shape(texts.sizes().size(), width));
      return result.toFloatArray();
    }
  }

  private static ZooModel<NDList, NDList> load(Path file, Map<String, String> options)
      throws Exception {
    Criteria.Builder<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(file)
            .optEngine("SluiceCuda")
            .optOption("maxTokens", "256")
            .optTranslator(new NoopTranslator());
    options.forEach(criteria::optOption);
    return criteria.build().loadModel();
  }

  private static void refused(Path file, Map<String, String> options, String why) {
    assertThatThrownBy(() -> load(file, options)).hasStackTraceContaining(why);
  }

  /** By ONNX Runtime, in FP32. */
  static float[] onCpu(Path file) throws Exception {
    return TensorValues.floats(Runs.run(OnnxModel.read(EngineScenarios.folder(file), file), TEXTS));
  }

  /** Rows by their label, the best first. */
  static List<Integer> ranks(float[] labels) {
    List<Integer> rows = new ArrayList<>(IntStream.range(0, labels.length).boxed().toList());
    rows.sort(Comparator.comparingDouble(row -> -labels[row]));
    return rows;
  }

  /** The error of all, as a share of how far they are from their mean. */
  static void nearLabels(float[] got, float[] expected, double most) {
    assertThat(got).hasSameSizeAs(expected);
    double mean = IntStream.range(0, expected.length).mapToDouble(i -> expected[i]).sum();
    double error = 0;
    double spread = 0;
    for (int i = 0; i < got.length; i++) {
      error += Math.pow(got[i] - (double) expected[i], 2);
      spread += Math.pow(expected[i] - mean / expected.length, 2);
    }
    assertThat(Math.sqrt(error / spread)).isLessThan(most);
  }

  private static void nearVectors(float[] got, float[] expected) {
    assertThat(got).hasSameSizeAs(expected);
    for (int from = 0; from < got.length; from += 64) {
      double error = 0;
      double length = 0;
      for (int i = from; i < from + 64; i++) {
        error += Math.pow(got[i] - (double) expected[i], 2);
        length += Math.pow(expected[i], 2);
      }
      assertThat(Math.sqrt(error / length)).as("row %d", from / 64).isLessThan(2e-3);
    }
  }
}
