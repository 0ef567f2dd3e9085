// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxGraphTest {

  /** {@code y = tanh(abs(neg(x)))}. */
  private static OnnxBuilder chain() {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1)
        .output("y", DType.FP32, -1)
        .node("Neg", List.of("x"), List.of("a"))
        .node("Abs", List.of("a"), List.of("b"))
        .node("Tanh", List.of("b"), List.of("y"));
  }

  private static OnnxGraph graph(OnnxBuilder builder) throws EngineException {
    return OnnxModel.of(builder.build()).graph();
  }

  private static List<String> ops(OnnxGraph graph) {
    return graph.nodes().stream().map(OnnxNode::op).toList();
  }

  @Test
  void nodesComeAfterWhatTheyRead() throws Exception {
    ModelProto.Builder model = chain().build().toBuilder();
    List<NodeProto> nodes = new ArrayList<>(model.getGraph().getNodeList());
    Collections.reverse(nodes);
    model.getGraphBuilder().clearNode().addAllNode(nodes);
    assertThat(ops(OnnxModel.of(model.build()).graph())).containsExactly("Neg", "Abs", "Tanh");
  }

  @Test
  void knowsWhoMakesAndWhoReadsAValue() throws Exception {
    OnnxGraph graph = graph(chain().node("Abs", List.of("a"), List.of("c")));
    assertThat(graph.producer("a").orElseThrow().op()).isEqualTo("Neg");
    assertThat(graph.producer("x")).isEmpty();
    assertThat(graph.consumers("a")).extracting(n -> n.output(0)).containsExactly("b", "c");
    assertThat(graph.readOnce("b")).isTrue();
    assertThat(graph.readOnce("a")).isFalse();
    assertThat(graph.readOnce("y")).isFalse();
    assertThat(graph.exists("nobody")).isFalse();
  }

  @Test
  void aReplacementKeepsTheNameThatOthersRead() throws Exception {
    OnnxGraph graph = graph(chain());
    List<OnnxNode> nodes = graph.nodes();
    graph.replace(nodes.subList(0, 2), OnnxNode.standard("Exp", List.of("x"), List.of("b")));
    assertThat(ops(graph)).containsExactly("Exp", "Tanh");
    assertThat(graph.exists("a")).isFalse();
  }

  @Test
  void aReplacementThatLosesAValueIsAMistake() throws Exception {
    OnnxGraph graph = graph(chain());
    assertThatThrownBy(() -> graph.replace(graph.nodes().subList(1, 2)))
        .hasMessageContaining("b is still read");
    OnnxGraph other = graph(chain());
    assertThatThrownBy(() -> other.add(OnnxNode.standard("Exp", List.of("x"), List.of("a"))))
        .hasMessageContaining("a is made twice");
    OnnxGraph third = graph(chain());
    assertThatThrownBy(() -> third.add(OnnxNode.standard("Exp", List.of("gone"), List.of("new"))))
        .hasMessageContaining("gone");
  }

  @Test
  void deadNodesAndConstantsGo() throws Exception {
    OnnxGraph graph =
        graph(
            chain()
                .constant("k", TensorValues.ofFloats(new long[] {1}, 2))
                .node("Mul", List.of("b", "k"), List.of("d"))
                .node("Exp", List.of("d"), List.of("e")));
    assertThat(graph.removeDead()).isEqualTo(2);
    assertThat(ops(graph)).containsExactly("Neg", "Abs", "Tanh");
    assertThat(graph.constants()).isEmpty();
  }

  @Test
  void freshNamesAreNew() throws Exception {
    OnnxGraph graph = graph(chain());
    assertThat(graph.fresh("new")).isEqualTo("new");
    assertThat(graph.fresh("new")).isNotEqualTo("new");
    assertThat(graph.fresh("a")).isNotEqualTo("a").startsWith("a");
    String name = graph.addConstant("b", TensorValues.ofLongs(new long[0], 7));
    assertThat(TensorValues.longs(graph.constant(name).orElseThrow())).containsExactly(7);
  }

  @Test
  void constantNodesAreConstants() throws Exception {
    OnnxGraph graph =
        graph(
            chain()
                .node("Constant", List.of(), List.of("f"), Attributes.real("value_float", 0.5f))
                .node("Constant", List.of(), List.of("i"), Attributes.integers("value_ints", 3, 4))
                .node("Mul", List.of("b", "f"), List.of("p"))
                .node("Reshape", List.of("p", "i"), List.of("q")));
    assertThat(graph.producer("f")).isEmpty();
    assertThat(TensorValues.floats(graph.constant("f").orElseThrow())).containsExactly(0.5f);
    assertThat(TensorValues.longs(graph.constant("i").orElseThrow())).containsExactly(3, 4);
  }

  /** {@code z = if flag then b else b}, the branches reading a value from outside. */
  private static OnnxBuilder chainWithIf() {
    GraphProto branch =
        GraphProto.newBuilder()
            .setName("branch")
            .addNode(NodeProto.newBuilder().setOpType("Neg").addInput("b").addOutput("inner"))
            .addOutput(ValueInfoProto.newBuilder().setName("inner"))
            .build();
    return chain()
        .input("flag", DType.BOOL)
        .output("z", DType.FP32, -1)
        .node(
            "If",
            List.of("flag"),
            List.of("z"),
            subgraph("then_branch", branch),
            subgraph("else_branch", branch));
  }

  private static AttributeProto subgraph(String name, GraphProto graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  @Test
  void nestedGraphsCountAsReaders() throws Exception {
    OnnxGraph graph = graph(chainWithIf());
    assertThat(graph.consumers("b")).extracting(OnnxNode::op).containsExactly("Tanh", "If");
    assertThat(graph.readOnce("b")).isFalse();
    assertThat(graph.replaceUses("b", "a")).isFalse();
    assertThat(graph.removeDead()).isZero();
    assertThat(graph.producer("b")).isPresent();
    assertThat(graph.fresh("inner")).isNotEqualTo("inner");
  }

  @Test
  void allReadersCanBePointedElsewhere() throws Exception {
    OnnxGraph graph = graph(chain().node("Add", List.of("b", "b"), List.of("c")));
    assertThat(graph.replaceUses("b", "x")).isTrue();
    assertThat(graph.consumers("b")).isEmpty();
    assertThat(graph.consumers("x")).extracting(OnnxNode::op).contains("Tanh", "Add", "Neg");
    graph.removeDead();
    assertThat(ops(graph)).containsExactly("Tanh");
    assertThat(graph.replaceUses("y", "x")).isFalse();
  }

  @Test
  void unsoundGraphsAreRefused() {
    assertRefused(chain().node("Abs", List.of("gone"), List.of("c")), "'gone' is read but never");
    assertRefused(chain().output("w", DType.FP32, -1), "'w' is read but never");
    assertRefused(chain().node("Abs", List.of("x"), List.of("b")), "'b' is made more than once");
    assertRefused(chain().node("Abs", List.of("b"), List.of("x")), "'x' is made more than once");
    assertRefused(
        chain().node("Abs", List.of("p"), List.of("q")).node("Abs", List.of("q"), List.of("p")),
        "circle");
    assertRefused(chain().node("Abs", List.of("p"), List.of("p")), "circle");
    assertRefused(
        OnnxModels.matmul(1, 1, 1).constant("w", TensorValues.ofLongs(new long[0], 1)),
        "'w' is there twice");
  }

  private static void assertRefused(OnnxBuilder builder, String words) {
    assertThatThrownBy(() -> graph(builder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(words);
  }

  @Test
  void inputsWithDefaultsAreConstants() throws Exception {
    ModelProto.Builder old = OnnxModels.matmul(2, 1, 1, 2).build().toBuilder().setIrVersion(3);
    old.getGraphBuilder().addInput(ValueInfos.tensor("w", DType.FP32, 2L, 1L));
    OnnxModel model = OnnxModel.of(old.build());
    assertThat(model.graph().isInput("w")).isFalse();
    assertThat(model.graph().constant("w")).isPresent();
    assertThat(model.toProto().getIrVersion()).isEqualTo(4);
    assertThat(model.toProto().getGraph().getInputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("x");
  }
}
