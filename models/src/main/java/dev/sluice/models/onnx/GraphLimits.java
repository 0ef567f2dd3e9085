// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.engine.EngineException;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.NodeProto;

/** How large a graph may be. The largest encoders have a few thousand nodes. */
final class GraphLimits {
  static final int MAX_NODES = 200_000;
  static final int MAX_WIRES = 2_000_000;

  private GraphLimits() {}

  static void require(GraphProto graph) throws EngineException {
    if (graph.getNodeCount() > MAX_NODES) {
      throw new EngineException(
          "the graph has %d nodes, at most %d can be rewritten"
              .formatted(graph.getNodeCount(), MAX_NODES));
    }
    long wires = 0;
    for (NodeProto node : graph.getNodeList()) {
      wires += node.getInputCount() + node.getOutputCount();
    }
    if (wires > MAX_WIRES) {
      throw new EngineException(
          "the nodes of the graph read and make %d values, at most %d can be rewritten"
              .formatted(wires, MAX_WIRES));
    }
  }
}
