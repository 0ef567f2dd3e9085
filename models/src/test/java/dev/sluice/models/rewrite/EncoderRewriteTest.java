// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.EncoderRewrite.Rewritten;
import dev.sluice.models.rewrite.RewriteGoal.Device;
import dev.sluice.models.rewrite.Runs.Texts;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.text.Pooler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoders as exporters of all kinds write them, before and after. */
class EncoderRewriteTest {
  private static final float CLOSE = 1e-5f;
  private static final List<Texts> INPUTS =
      List.of(
          new Texts(TestEncoder.VOCABULARY, 5),
          new Texts(TestEncoder.VOCABULARY, 1),
          new Texts(TestEncoder.VOCABULARY, 7, 3, 1),
          new Texts(TestEncoder.VOCABULARY, 2, 12));

  private static Stream<TestEncoder.Style> styles() {
    return Stream.of(
        TestEncoder.Style.BERT,
        TestEncoder.Style.BERT_SDPA,
        TestEncoder.Style.ROBERTA,
        TestEncoder.Style.DISTILBERT,
        TestEncoder.Style.MPNET);
  }

  private static Map<String, Integer> ops(OnnxModel model) {
    Map<String, Integer> ops = new TreeMap<>();
    for (OnnxNode node : model.graph().nodes()) {
      ops.merge(node.op(), 1, Integer::sum);
    }
    return ops;
  }

  private static void assertSame(OnnxModel model, OnnxModel rewritten) throws Exception {
    for (Texts texts : INPUTS) {
      float[] expected = Runs.ofTokens(Runs.run(model, texts), texts);
      assertThat(Runs.ofTokens(Runs.run(rewritten, texts), texts))
          .as(texts.toString())
          .containsExactly(expected, within(CLOSE));
    }
  }

  @ParameterizedTest
  @MethodSource("styles")
  void everyBlockIsFusedAndComputesTheSame(TestEncoder.Style style) throws Exception {
    OnnxModel model = OnnxModel.of(TestEncoder.build(style));
    for (Device device : Device.values()) {
      Rewritten result = EncoderRewrite.apply(model, RewriteGoal.blocks(device));

      assertThat(result.report().left()).isEmpty();
      assertThat(ops(result.model()))
          .containsEntry("SkipLayerNormalization", 1 + 2 * TestEncoder.LAYERS)
          .containsEntry("BiasGelu", TestEncoder.LAYERS)
          .containsEntry("MultiHeadAttention", TestEncoder.LAYERS)
          .doesNotContainKeys("Sqrt", "Erf", "Softmax", "Concat", "Pow", "LayerNormalization");
      assertSame(model, result.model());
    }
  }

  @ParameterizedTest
  @MethodSource("styles")
  void theModelThatIsRewrittenStaysAsItIs(TestEncoder.Style style) throws Exception {
    OnnxModel model = OnnxModel.of(TestEncoder.build(style));
    var before = model.toProto();
    EncoderRewrite.apply(model, RewriteGoal.blocks(Device.CPU).pooled(Pooling.MEAN));
    assertThat(model.toProto()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(value = Pooling.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void poolingInTheGraphIsPoolingOutsideOfIt(Pooling pooling) throws Exception {
    for (TestEncoder.Style style : styles().toList()) {
      OnnxModel model = OnnxModel.of(TestEncoder.build(style));
      Rewritten result =
          EncoderRewrite.apply(model, RewriteGoal.blocks(Device.CPU).pooled(pooling));
      assertThat(result.pooled()).isTrue();
      for (Texts texts : INPUTS) {
        float[][] expected = Pooler.of(pooling).pool(Runs.run(model, texts), texts.lengths());
        float[] actual = TensorValues.floats(Runs.run(result.model(), texts));
        for (int row = 0; row < expected.length; row++) {
          assertThat(Arrays.copyOfRange(actual, row * 16, row * 16 + 16))
              .containsExactly(expected[row], within(CLOSE));
        }
      }
    }
  }

  @Test
  void nothingIsDoneTwice() throws Exception {
    OnnxModel model = OnnxModel.of(TestEncoder.build(TestEncoder.Style.BERT));
    OnnxModel once = EncoderRewrite.apply(model, RewriteGoal.blocks(Device.CPU)).model();
    Rewritten twice = EncoderRewrite.apply(once, RewriteGoal.blocks(Device.CPU));
    assertThat(twice.report().done()).isEmpty();
    assertThat(twice.model().toProto()).isEqualTo(once.toProto());
  }
}
