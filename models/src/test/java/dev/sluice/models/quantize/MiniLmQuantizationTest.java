// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.rewrite.EncoderRewrite;
import dev.sluice.models.rewrite.RewriteGoal;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.Tensors;
import dev.sluice.models.text.MiniLm;
import dev.sluice.models.text.PaddedInput;
import dev.sluice.models.text.PaddedInput.Column;
import dev.sluice.models.text.Tokenizer;
import dev.sluice.models.text.Truncation;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real weights, calibrated with some of the texts that ship and judged by some others. */
class MiniLmQuantizationTest {
  private static final int EVERY = 4;

  @TempDir static Path scratch;
  private static OnnxModel fp32;
  private static Quantized quantized;
  private static List<int[]> heldBack;

  @BeforeAll
  static void quantize() throws Exception {
    ModelSpec spec = MiniLm.spec();
    fp32 =
        EncoderRewrite.apply(
                OnnxModel.read(spec.directory(), spec.file()),
                RewriteGoal.blocks(RewriteGoal.Device.CPU).pooled(TextSpec.Pooling.MEAN, true, 0))
            .model();
    heldBack = tokens(spec, "heldback-texts.txt");
    quantized =
        new Quantizer(new DjlEngines(), scratch)
            .quantize(
                fp32,
                QuantizeRequest.of(Optional.empty(), FidelityBudget.DEFAULT),
                Calibration.ofTokens(tokens(spec, "calibration-texts.txt")),
                Progress.NONE);
  }

  private static List<int[]> tokens(ModelSpec spec, String resource) throws Exception {
    List<int[]> rows = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(Objects.requireNonNull(spec.text()));
        InputStream in =
            Objects.requireNonNull(Quantizer.class.getResourceAsStream(resource), resource)) {
      List<String> texts = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      for (int i = 0; i < texts.size(); i += EVERY) {
        rows.add(tokenizer.tokenize(texts.get(i), Truncation.END).ids());
      }
    }
    return rows;
  }

  /** Feeds one batch, padded to a width. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Batch(int[][] rows, int width) implements Calibration {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public List<Tensor> inputs(int run, List<TensorSpec> wanted) {
      return wanted.stream()
          .map(
              input ->
                  new PaddedInput(Column.ofInput(input.name()).orElseThrow(), input.type(), 0)
                      .fill(rows, width))
          .toList();
    }
  }

  private static float[][] embed(Trial trial, int[][] rows, int width) throws Exception {
    float[] all = Tensors.floats(trial.run(new Batch(rows, width), 0).getFirst());
    int size = all.length / rows.length;
    float[][] vectors = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      vectors[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
    }
    return vectors;
  }

  private static float[] alone(Trial trial, int[] row) throws Exception {
    return embed(trial, new int[][] {row}, row.length)[0];
  }

  @Test
  void textsItHasNotSeenStayWhereTheyWere() throws Exception {
    double[] cosines = new double[heldBack.size()];
    try (Trial own = Trial.open(new DjlEngines(), scratch, fp32);
        Trial int8 = Trial.open(new DjlEngines(), scratch, quantized.model())) {
      for (int i = 0; i < cosines.length; i++) {
        cosines[i] = Closeness.cosine(alone(own, heldBack.get(i)), alone(int8, heldBack.get(i)));
      }
    }
    assertThat(Closeness.of(cosines).mean()).isGreaterThan(0.997);
    assertThat(Closeness.of(cosines).p1()).isGreaterThan(0.985);
  }

  @Test
  void everyLayerIsInInt8() {
    assertThat(quantized.layers()).hasSize(36);
    assertThat(quantized.count(QuantScheme.STATIC) + quantized.count(QuantScheme.PER_TOKEN))
        .isEqualTo(36);
  }

  @Test
  void companyAndPaddingChangeNothing() throws Exception {
    Random random = new Random(3);
    try (Trial int8 = Trial.open(new DjlEngines(), scratch, quantized.model())) {
      for (int batch = 0; batch < 20; batch++) {
        int[][] rows = new int[1 + random.nextInt(8)][];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = heldBack.get(random.nextInt(heldBack.size()));
        }
        int longest = Arrays.stream(rows).mapToInt(row -> row.length).max().orElseThrow();
        float[][] together = embed(int8, rows, longest + random.nextInt(20));
        for (int i = 0; i < rows.length; i++) {
          assertThat(Closeness.cosine(alone(int8, rows[i]), together[i])).isGreaterThan(1 - 1e-6);
        }
      }
    }
  }
}
