// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.proto.onnx.AttributeProto;
import java.util.List;

/** Adds nodes and constants to a graph under names that are free. For one thread. */
final class NodeMaker {
  private static final long[] SCALAR = {};

  private final OnnxGraph graph;

  NodeMaker(OnnxGraph graph) {
    this.graph = graph;
  }

  String scalar(String hint, float value) {
    return graph.addConstant(hint, TensorValues.ofFloats(SCALAR, value));
  }

  /**
   * @param value 0 to 255
   */
  String byteScalar(String hint, int value) {
    return graph.addConstant(hint, TensorValues.ofBytes(DType.UINT8, SCALAR, (byte) value));
  }

  String vector(String hint, float[] values) {
    return graph.addConstant(hint, TensorValues.ofFloats(new long[] {values.length}, values));
  }

  String indices(String hint, int[] values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return graph.addConstant(hint, TensorValues.ofLongs(new long[] {wide.length}, wide));
  }

  String matrix(String hint, Matrix matrix) {
    return graph.addConstant(
        hint, TensorValues.ofFloats(new long[] {matrix.rows(), matrix.columns()}, matrix.values()));
  }

  String bytes(String hint, QuantizedWeights weights, Matrix of) {
    long[] shape = {of.rows(), of.columns()};
    return graph.addConstant(hint, TensorValues.ofBytes(DType.INT8, shape, weights.values()));
  }

  /** A new node of the standard set, and the one value that it makes. */
  String node(String op, String hint, List<String> inputs, AttributeProto... attributes) {
    String output = graph.fresh(hint);
    graph.add(OnnxNode.standard(op, inputs, List.of(output), attributes));
    return output;
  }
}
