// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernels.check.ReferenceEncoder;
import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.Runs;
import dev.sluice.models.rewrite.Runs.Texts;
import dev.sluice.models.rewrite.TestEncoder;
import dev.sluice.models.rewrite.TestEncoder.Size;
import dev.sluice.models.rewrite.TestEncoder.Style;
import dev.sluice.models.rewrite.TestTail;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a file makes of its tokens' vectors is read as it is, or the file is refused. */
class EndingTest {
  private static final Texts TEXTS = Texts.of(TestEncoder.VOCABULARY, 20, 1, 7, 22).withPairs();
  private static final TestTail MEAN = TestTail.mean(true, false);
  private static final TestTail RANKING = TestTail.labels("Tanh", 1, true);

  static Stream<Arguments> heads() {
    return Stream.of(
            Style.BERT, Style.BERT_SDPA, Style.ROBERTA, Style.XLM_ROBERTA, Style.DISTILBERT)
        .flatMap(
            style ->
                Stream.of(
                    Arguments.of(style, RANKING),
                    Arguments.of(style, TestTail.labels("Tanh", 2, false)),
                    Arguments.of(style, TestTail.labels("Gelu", 1, true)),
                    Arguments.of(style, TestTail.labels("Gelu", 3, false)),
                    Arguments.of(style, TestTail.labels("Relu", 9, true)),
                    Arguments.of(style, TestTail.labels("Relu", 9, false))));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void labelsAreThoseOfTheFile(Style style, TestTail tail) throws Exception {
    OnnxModel model = model(style, tail);
    ReadEncoder read = ReadEncoder.of(model, Optional.empty());

    assertThat(read.output()).isEqualTo("logits");
    assertThat(read.ending()).isInstanceOf(Ending.Labels.class);
    PackedBatch rows = ReadEncoderTest.packed(TEXTS, read.typed());
    float[] got =
        new ReferenceEncoder(read.dims(), read.weights())
            .run(rows, ((Ending.Labels) read.ending()).read());
    assertThat(got).containsExactly(run(model), within(2e-5f));
  }

  static Stream<Arguments> poolings() {
    return Stream.of(Style.BERT, Style.BERT_SDPA, Style.XLM_ROBERTA, Style.DISTILBERT)
        .flatMap(
            style ->
                Stream.of(
                    Arguments.of(style, TestTail.mean(false, false)),
                    Arguments.of(style, MEAN),
                    Arguments.of(style, TestTail.firstToken(false)),
                    Arguments.of(style, TestTail.firstToken(true))));
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void poolingIsThatOfTheFile(Style style, TestTail tail) throws Exception {
    OnnxModel model = model(style, tail);
    ReadEncoder read = ReadEncoder.of(model, Optional.empty());

    assertThat(read.output()).isEqualTo("sentence_embedding");
    assertThat(pooled(read)).containsExactly(run(model), within(2e-5f));
  }

  private static float[] pooled(ReadEncoder read) {
    assertThat(read.ending()).isInstanceOf(Ending.Pooled.class);
    Ending.Pooled ending = (Ending.Pooled) read.ending();
    return new ReferenceEncoder(read.dims(), read.weights())
        .run(
            ReadEncoderTest.packed(TEXTS, read.typed()),
            new EncoderOutput.Vectors(ending.pooling(), ending.normalize(), read.dims().hidden()));
  }

  @Test
  void ofTwoOutputsTheTokensCountUnlessTheOtherIsWanted() throws Exception {
    OnnxModel both = model(Style.BERT, TestTail.mean(true, true));
    ReadEncoder tokens = ReadEncoder.of(both, Optional.empty());
    assertThat(tokens.output()).isEqualTo("token_embeddings");
    assertThat(tokens.ending()).isInstanceOf(Ending.Tokens.class);
    ReadEncoder wanted = ReadEncoder.of(both, Optional.of("sentence_embedding"));
    assertThat(pooled(wanted)).containsExactly(run(model(Style.BERT, MEAN)), within(2e-5f));
    assertThatThrownBy(() -> ReadEncoder.of(both, Optional.of("logits")))
        .isInstanceOf(EngineException.class)
        .hasMessage("it gives no logits that is known");
  }

  @Test
  void anOutputThatNobodyWantsDoesNotMatter() throws Exception {
    for (Style style : List.of(Style.BERT, Style.BERT_SDPA)) {
      OnnxModel model = model(style, TestTail.TOKENS_AND_POOLER);
      ReadEncoder read = ReadEncoder.of(model, Optional.empty());
      float[] got =
          new ReferenceEncoder(read.dims(), read.weights())
              .run(ReadEncoderTest.packed(TEXTS, true), new EncoderOutput.Tokens());
      assertThat(got).containsExactly(Runs.ofTokens(Runs.run(model, TEXTS), TEXTS), within(2e-5f));
    }
  }

  @Test
  void namesTheNodeOfAHeadThatDoesNotFit() throws Exception {
    refused(
        RANKING,
        "Tanh",
        node -> node.setOpType("Softplus"),
        "the node '/Tanh_\\d+' \\(Softplus\\) is none of tanh, ReLU and GELU before labels");
    refused(
        RANKING,
        "Gemm",
        node -> node.addAttribute(Attributes.real("alpha", 0.5f)),
        "the node '/Gemm_\\d+' \\(Gemm\\) is no product with constant weights plus a bias");
    refused(
        RANKING,
        "Gather",
        node -> node.setAttribute(0, OnnxBuilder.integer("axis", 0)),
        "the node '/Gather_\\d+' \\(Gather\\) does not take the first token");
    refused(
        TestTail.labels("Tanh", 2, false),
        "Squeeze",
        node -> node.setInput(1, node.getInput(0)),
        "the node '/Squeeze_\\d+' \\(Squeeze\\) does not take the first token");
  }

  @Test
  void namesTheNodeOfAPoolingThatDoesNotFit() throws Exception {
    String mean =
        "the node '/Div_\\d+' \\(Div\\) is neither the first token nor the mean of those that the"
            + " attention_mask leaves";
    // The sum of what counts; then what is counted; then each token's part of the sum.
    refused(MEAN, "ReduceSum", node -> node.setAttribute(0, keepDims()), mean);
    refused(MEAN, "Clip", node -> node.setOpType("Min"), mean);
    refused(MEAN, "ReduceL2", node -> node.setOpType("ReduceL1"), mean);
    refused(TestTail.mean(false, false), "Mul", node -> node.setOpType("Add"), mean);
    refused(
        TestTail.mean(false, false), "Expand", node -> node.setInput(0, "attention_mask"), mean);
  }

  private static AttributeProto keepDims() {
    return OnnxBuilder.integer("keepdims", 1);
  }

  private static OnnxModel model(Style style, TestTail tail) throws Exception {
    return OnnxModel.of(TestEncoder.build(style, Size.FOR_CARDS, tail));
  }

  private static float[] run(OnnxModel model) throws Exception {
    return TensorValues.floats(Runs.run(model, TEXTS));
  }

  /** With the last node of that kind changed. */
  private static void refused(
      TestTail tail, String op, Consumer<NodeProto.Builder> change, String message) {
    ModelProto.Builder model = TestEncoder.build(Style.BERT_SDPA, Size.FOR_CARDS, tail).toBuilder();
    List<NodeProto.Builder> nodes = model.getGraphBuilder().getNodeBuilderList();
    change.accept(
        nodes.reversed().stream().filter(n -> n.getOpType().equals(op)).findFirst().orElseThrow());
    assertThatThrownBy(() -> ReadEncoder.of(OnnxModel.of(model.build()), Optional.empty()))
        .isInstanceOf(EngineException.class)
        .hasMessageMatching(message);
  }
}
