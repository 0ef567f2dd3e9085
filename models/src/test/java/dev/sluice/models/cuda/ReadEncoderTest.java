// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernels.check.ReferenceEncoder;
import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.Runs;
import dev.sluice.models.rewrite.Runs.Texts;
import dev.sluice.models.rewrite.TestEncoder;
import dev.sluice.models.rewrite.TestEncoder.Size;
import dev.sluice.models.rewrite.TestEncoder.Style;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.text.MiniLm;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read out of a file is what the file computes, or the file is refused. */
class ReadEncoderTest {
  private static final Texts TEXTS = Texts.of(TestEncoder.VOCABULARY, 20, 1, 7, 22);

  static Stream<Style> known() {
    return Stream.of(
        Style.BERT, Style.BERT_SDPA, Style.ROBERTA, Style.XLM_ROBERTA, Style.DISTILBERT);
  }

  @ParameterizedTest
  @MethodSource("known")
  void givesWhatTheFileGives(Style style) throws Exception {
    OnnxModel model = OnnxModel.of(TestEncoder.build(style, Size.FOR_CARDS));
    ReadEncoder read = ReadEncoder.of(model, Optional.empty());

    float[] expected = Runs.ofTokens(Runs.run(model, TEXTS), TEXTS);
    float[] got =
        new ReferenceEncoder(read.dims(), read.weights())
            .run(packed(TEXTS, false), new EncoderOutput.Tokens());
    assertThat(got).containsExactly(expected, within(2e-5f));
    assertThat(read.typed()).isEqualTo(style.tokenTypes());
  }

  static PackedBatch packed(Texts texts, boolean typed) {
    return PaddedRows.of(
            texts.lengths().length,
            texts.width(),
            TensorValues.longs(texts.input("input_ids")),
            TensorValues.longs(texts.input("attention_mask")),
            typed ? TensorValues.longs(texts.input("token_type_ids")) : new long[0])
        .packed();
  }

  @Test
  void theEmbeddedModelIsOne() throws Exception {
    ModelSpec spec = MiniLm.spec();
    ReadEncoder read =
        ReadEncoder.of(OnnxModel.read(spec.directory(), spec.file()), Optional.empty());
    assertThat(read.dims()).isEqualTo(new EncoderDims(6, 384, 12, 1536, 30_522, 512, 2, 1e-12f));
    assertThat(read.output()).isEqualTo("last_hidden_state");
  }

  @Test
  void namesTheNodeThatDoesNotFit() throws Exception {
    refused(
        TestEncoder.build(Style.MPNET, Size.FOR_CARDS),
        "the node '/Reshape_\\d+/MultiHeadAttention' \\(MultiHeadAttention\\)"
            + " adds something to its scores");
    refused(
        changed("Erf", node -> node.setOpType("Tanh")),
        "the node '/Mul_\\d+' \\(Mul\\) is no GELU by the error function");
    refused(
        changed("Softmax", node -> node.getAttributeBuilder(0).setI(2)),
        "the node '/Reshape_\\d+/Reshape' \\(Reshape\\) is no attention that is known"
            + " \\(the attention at /Softmax_\\d+: its softmax is over the axis 2\\)");
    refused(
        changed("Not", Style.ROBERTA, node -> node.setOpType("Identity")),
        "the node '/Gather_\\d+' \\(Gather\\) takes rows by positions that are counted in an"
            + " unknown way");
  }

  @Test
  void namesTheSizeThatTheKernelsDoNotHave() throws Exception {
    refused(
        TestEncoder.build(Style.BERT, new Size(64, 8, 96)),
        "the kernels have no encoder of this size:"
            + " a head must be of 32 or 64 components: 64 in 8 heads");
    refused(
        TestEncoder.build(Style.BERT, new Size(64, 2, 40)),
        "the kernels have no encoder of this size:"
            + " the feed-forward size must be a multiple of 16, not 40");
  }

  @Test
  void refusesWhatIsNoEncoder() throws Exception {
    refused(
        OnnxModels.identity(DType.FP32, -1, 4).build(),
        "an encoder's inputs are .*, of which 'INPUT0' is none");
    ModelProto.Builder other = TestEncoder.build(Style.BERT, Size.FOR_CARDS).toBuilder();
    rename(other, "last_hidden_state", "scores");
    refused(
        other.build(),
        "an encoder gives one of last_hidden_state, token_embeddings, sentence_embedding, logits,"
            + " which this model does not");
  }

  private static void rename(ModelProto.Builder model, String from, String to) {
    model.getGraphBuilder().getOutputBuilder(0).setName(to);
    for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
      if (node.getOutput(0).equals(from)) {
        node.setOutput(0, to);
      }
    }
  }

  private static ModelProto changed(String op, Consumer<NodeProto.Builder> change) {
    return changed(op, Style.BERT, change);
  }

  /** With the first node of that kind changed. */
  private static ModelProto changed(String op, Style style, Consumer<NodeProto.Builder> change) {
    ModelProto.Builder model = TestEncoder.build(style, Size.FOR_CARDS).toBuilder();
    List<NodeProto.Builder> nodes = model.getGraphBuilder().getNodeBuilderList();
    change.accept(nodes.stream().filter(n -> n.getOpType().equals(op)).findFirst().orElseThrow());
    return model.build();
  }

  private static void refused(ModelProto model, String message) {
    assertThatThrownBy(() -> ReadEncoder.of(OnnxModel.of(model), Optional.empty()))
        .isInstanceOf(EngineException.class)
        .hasMessageMatching(message);
  }
}
