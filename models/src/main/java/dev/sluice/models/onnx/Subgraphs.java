// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** The graphs within a node, as of If, Loop and Scan. They are never changed. */
final class Subgraphs {
  private Subgraphs() {}

  static Stream<GraphProto> in(NodeProto node) {
    return node.getAttributeList().stream().flatMap(Subgraphs::in);
  }

  private static Stream<GraphProto> in(AttributeProto attribute) {
    Stream<GraphProto> many = attribute.getGraphsList().stream();
    return attribute.hasG() ? Stream.concat(Stream.of(attribute.getG()), many) : many;
  }

  /** The values from outside of the node's graphs that they read. */
  static Set<String> captured(NodeProto node) {
    Set<String> captured = new LinkedHashSet<>();
    in(node).forEach(graph -> captured.addAll(free(graph)));
    return captured;
  }

  private static Set<String> free(GraphProto graph) {
    Set<String> read = new LinkedHashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      read.addAll(node.getInputList());
      read.addAll(captured(node));
    }
    graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(read::add);
    read.remove("");
    defined(graph).forEach(read::remove);
    return read;
  }

  /** Every name that the node's graphs give to something, at any depth. */
  static Set<String> names(NodeProto node) {
    Set<String> names = new LinkedHashSet<>();
    in(node)
        .forEach(
            graph -> {
              defined(graph).forEach(names::add);
              graph.getNodeList().forEach(inner -> names.addAll(names(inner)));
            });
    return names;
  }

  private static Stream<String> defined(GraphProto graph) {
    return Stream.of(
            graph.getInputList().stream().map(ValueInfoProto::getName),
            graph.getInitializerList().stream().map(tensor -> tensor.getName()),
            graph.getSparseInitializerList().stream().map(sparse -> sparse.getValues().getName()),
            graph.getNodeList().stream().flatMap(node -> node.getOutputList().stream()))
        .flatMap(names -> names);
  }
}
