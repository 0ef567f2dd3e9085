// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.EncoderRewrite.Rewritten;
import dev.sluice.models.rewrite.RewriteGoal.Device;
import dev.sluice.models.rewrite.Runs.Texts;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.text.MiniLm;
import dev.sluice.models.text.Pooler;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real weights, before and after. */
class MiniLmRewriteTest {
  private static final int LAYERS = 6;
  private static final int HIDDEN = 384;
  private static final List<Texts> INPUTS =
      List.of(Texts.of(30_000, 16), Texts.of(30_000, 24, 9, 2), Texts.of(30_000, 128, 100));

  private static OnnxModel model;

  @BeforeAll
  static void read() throws Exception {
    ModelSpec spec = MiniLm.spec();
    model = OnnxModel.read(spec.directory(), spec.file());
  }

  @Test
  void everyBlockIsFusedAndTokenVectorsStay() throws Exception {
    for (RewriteGoal goal :
        List.of(
            RewriteGoal.blocks(Device.CPU),
            RewriteGoal.blocks(Device.CPU).toBeQuantized(),
            RewriteGoal.blocks(Device.GPU))) {
      Rewritten result = EncoderRewrite.apply(model, goal);
      assertThat(result.report().left()).isEmpty();
      assertThat(result.report().times("MultiHeadAttention")).isEqualTo(LAYERS);
      assertThat(result.report().times("Gelu")).isEqualTo(LAYERS);
      assertThat(result.report().times("SkipLayerNormalization")).isEqualTo(2 * LAYERS + 1);
      for (Texts texts : INPUTS) {
        float[] expected = Runs.ofTokens(Runs.run(model, texts), texts);
        assertThat(Runs.ofTokens(Runs.run(result.model(), texts), texts))
            .containsExactly(expected, within(1e-5f));
      }
    }
  }

  @Test
  void poolingInTheGraphIsPoolingOutsideOfIt() throws Exception {
    Rewritten result =
        EncoderRewrite.apply(model, RewriteGoal.blocks(Device.CPU).pooled(Pooling.MEAN, false, 0));
    assertThat(result.pooled()).isTrue();
    for (Texts texts : INPUTS) {
      float[][] expected = Pooler.of(Pooling.MEAN).pool(Runs.run(model, texts), texts.lengths());
      Tensor vectors = Runs.run(result.model(), texts);
      assertThat(vectors.shape()).containsExactly(expected.length, HIDDEN);
      float[] actual = TensorValues.floats(vectors);
      for (int row = 0; row < expected.length; row++) {
        assertThat(Arrays.copyOfRange(actual, row * HIDDEN, (row + 1) * HIDDEN))
            .containsExactly(expected[row], within(1e-5f));
      }
    }
  }
}
