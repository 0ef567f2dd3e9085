// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.text.MiniLm;
import dev.sluice.models.text.Truncation;
import dev.sluice.models.text.Vectors;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real weights, against ONNX Runtime called directly. */
class MiniLmEmbedderTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          "dog",
          "A man is eating food.",
          "Wie komme ich am besten ins Stadtzentrum?",
          "日本語のテキスト 👩‍👩‍👧‍👦 and some emoji 🚀",
          "The dynamic batcher puts requests of many clients into one run of the model.",
          "lone \uD83D surrogate and \0 nul",
          "To be, or not to be, that is the question. ".repeat(6),
          "token ".repeat(300));

  private static ModelSpec spec;
  private static LoadedTextEmbedder embedder;
  private static final List<float[]> expected = new ArrayList<>();

  @BeforeAll
  static void load() throws Exception {
    spec = MiniLm.spec();
    embedder = LoadedTextEmbedder.load(spec, new DjlEngines(), 3);
    try (PlainMiniLm plain = PlainMiniLm.load(spec)) {
      for (String text : TEXTS) {
        expected.add(plain.embed(text));
      }
    }
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  private static int[] ids(String text) throws Exception {
    return embedder.tokenize(text, Truncation.END).ids();
  }

  private static float[] embed(String text) throws Exception {
    try (TextEmbedder.EmbedLane lane = embedder.newLane()) {
      return lane.run(new int[][] {ids(text)})[0];
    }
  }

  private static void assertSame(float[] vector, float[] expected, String text) {
    assertThat(vector).hasSize(384);
    assertThat(Vectors.cosine(vector, expected)).as(text).isGreaterThanOrEqualTo(0.99999);
    assertThat(vector).as(text).containsExactly(expected, within(1e-4f));
  }

  @Test
  void vectorsAreThoseOfTheRuntimeCalledDirectly() throws Exception {
    for (int i = 0; i < TEXTS.size(); i++) {
      assertSame(embed(TEXTS.get(i)), expected.get(i), TEXTS.get(i));
    }
  }

  @Test
  void batchMatesChangeNothing() throws Exception {
    Random random = new Random(7);
    try (TextEmbedder.EmbedLane lane = embedder.newLane()) {
      for (int round = 0; round < 4; round++) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < TEXTS.size(); i++) {
          order.add(i);
        }
        Collections.shuffle(order, random);
        order = order.subList(0, 2 + random.nextInt(TEXTS.size() - 1));
        int[][] batch = new int[order.size()][];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = ids(TEXTS.get(order.get(i)));
        }
        float[][] vectors = lane.run(batch);
        for (int i = 0; i < batch.length; i++) {
          assertSame(vectors[i], expected.get(order.get(i)), TEXTS.get(order.get(i)));
        }
      }
    }
  }

  @Test
  void similarSentencesAreNearAndOthersFar() throws Exception {
    float[] eating = embed("A man is eating food.");
    double near = Vectors.cosine(eating, embed("Someone is having a meal."));
    double far = Vectors.cosine(eating, embed("The stock market fell sharply today."));
    assertThat(near).isGreaterThan(0.5);
    assertThat(far).isLessThan(0.2);
  }

  @Test
  void lanesRunAtTheSameTime() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<float[]>> runs = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String text = TEXTS.get(i);
        runs.add(threads.submit(() -> embed(text)));
      }
      for (int i = 0; i < runs.size(); i++) {
        assertSame(runs.get(i).get(), expected.get(i), TEXTS.get(i));
      }
    }
  }

  @Test
  void tellsWhatItIs() {
    assertThat(embedder.dimensions()).isEqualTo(384);
    assertThat(embedder.maxTokens()).isEqualTo(256);
    assertThat(embedder.maxChars()).isEqualTo(64_000);
    assertThat(embedder.variant()).isEqualTo("fp32");
    assertThat(embedder.device()).matches("cpu|gpu:\\d+");
    assertThat(embedder.lanes()).isEqualTo(embedder.device().equals("cpu") ? 3 : 1);
    ModelConfig config = embedder.spec().config();
    assertThat(config.getName()).isEqualTo("all-minilm-l6-v2");
    assertThat(config.getPlatform()).isEqualTo("onnxruntime_onnx");
    assertThat(config.getMaxBatchSize()).isEqualTo(32);
    assertThat(config.hasDynamicBatching()).isTrue();
    assertThat(config.getInputList())
        .singleElement()
        .satisfies(
            input -> {
              assertThat(input.getName()).isEqualTo("text");
              assertThat(input.getDataType()).isEqualTo(DataType.TYPE_STRING);
              assertThat(input.getDimsList()).containsExactly(1L);
            });
    assertThat(config.getOutputList())
        .singleElement()
        .satisfies(
            output -> {
              assertThat(output.getName()).isEqualTo("embedding");
              assertThat(output.getDataType()).isEqualTo(DataType.TYPE_FP32);
              assertThat(output.getDimsList()).containsExactly(384L);
            });
  }

  @Test
  void outlineReadsTheVocabularyOffTheFile() {
    OnnxOutline outline = OnnxOutline.read(spec.file());
    assertThat(outline.tokenIds()).hasValue(30_522);
    assertThat(outline.precision()).isEqualTo("fp32");
  }
}
