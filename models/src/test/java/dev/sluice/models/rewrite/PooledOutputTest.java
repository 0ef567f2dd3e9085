// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.EncoderRewrite.Rewritten;
import dev.sluice.models.rewrite.RewriteGoal.Device;
import dev.sluice.models.rewrite.Runs.Texts;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.text.Pooler;
import dev.sluice.models.text.Vectors;
import dev.sluice.proto.onnx.ModelProto;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What pooling inside the graph does beside pooling. */
class PooledOutputTest {
  private static final RewriteGoal BLOCKS = RewriteGoal.blocks(Device.CPU);
  private static final Texts TEXTS = Texts.of(TestEncoder.VOCABULARY, 6, 2, 9);

  @Test
  void vectorsAreCutAndThenScaled() throws Exception {
    for (Pooling pooling : new Pooling[] {Pooling.MEAN, Pooling.CLS, Pooling.LAST_TOKEN}) {
      OnnxModel model = OnnxModel.of(TestEncoder.build(TestEncoder.Style.BERT));
      float[][] pooled = Pooler.of(pooling).pool(Runs.run(model, TEXTS), TEXTS.lengths());
      Rewritten result = EncoderRewrite.apply(model, BLOCKS.pooled(pooling, true, 6));

      Tensor vectors = Runs.run(result.model(), TEXTS);

      assertThat(vectors.shape()).containsExactly(3, 6);
      float[] actual = TensorValues.floats(vectors);
      for (int row = 0; row < 3; row++) {
        assertThat(Arrays.copyOfRange(actual, row * 6, row * 6 + 6))
            .containsExactly(Vectors.shape(pooled[row], 6, true), within(1e-5f));
      }
    }
  }

  @Test
  void theOutputSaysWhatItIs() throws Exception {
    OnnxModel model = OnnxModel.of(TestEncoder.build(TestEncoder.Style.BERT));
    ModelProto pooled =
        EncoderRewrite.apply(model, BLOCKS.pooled(Pooling.MEAN, false, 0)).model().toProto();
    assertThat(pooled.getGraph().getOutputList())
        .singleElement()
        .satisfies(
            output -> {
              assertThat(output.getName()).isEqualTo("sentence_embedding");
              assertThat(output.getType().getTensorType().getElemType()).isEqualTo(1);
              assertThat(output.getType().getTensorType().getShape().getDim(1).getDimValue())
                  .isEqualTo(TestEncoder.HIDDEN);
            });
  }

  @Test
  void moreComponentsThanThereAreAreRefused() throws Exception {
    OnnxModel model = OnnxModel.of(TestEncoder.build(TestEncoder.Style.BERT));
    assertThatThrownBy(() -> EncoderRewrite.apply(model, BLOCKS.pooled(Pooling.MEAN, false, 17)))
        .isInstanceOf(EngineException.class)
        .hasMessage("the model's vectors have 16 components, not 17");
  }

  @Test
  void whatCannotBePooledIsLeftAndSaid() throws Exception {
    OnnxModel model = OnnxModel.of(OnnxModels.identity(DType.FP32, -1, -1, 4).build());
    Rewritten result = EncoderRewrite.apply(model, BLOCKS.pooled(Pooling.MEAN, false, 0));
    assertThat(result.pooled()).isFalse();
    assertThat(result.model().toProto()).isEqualTo(model.toProto());
    assertThat(result.report().left())
        .containsExactly(
            "pooling is left outside: the model has no input attention_mask [batch, tokens]");

    OnnxModel flat = OnnxModel.of(OnnxModels.matmul(2, 1, 3, 4).build());
    assertThat(EncoderRewrite.apply(flat, BLOCKS.pooled(Pooling.CLS, false, 0)).report().left())
        .singleElement()
        .asString()
        .contains("no output [batch, tokens, size]");
  }
}
