// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.Optional;

/** Biases that the next node adds to a product: the INT8 product adds them for nothing. */
final class Biases {
  private Biases() {}

  /** The layer with the node after it, if all that node does besides Gelu is to add a bias. */
  static LinearLayer absorbed(OnnxGraph graph, LinearLayer layer) {
    if (!graph.readOnce(layer.output())) {
      return layer;
    }
    OnnxNode next = graph.consumers(layer.output()).getFirst();
    boolean add = next.is("Add");
    boolean biasGelu = next.isMicrosoft("BiasGelu");
    boolean fastGelu = next.isMicrosoft("FastGelu") && !next.input(1).isEmpty();
    if (!add && !biasGelu && !fastGelu) {
      return layer;
    }
    boolean first = next.input(0).equals(layer.output());
    Optional<Tensor> other = graph.constant(next.input(first ? 1 : 0));
    if (other.isEmpty() || !isBias(other.get(), layer.columns()) || !(first || add)) {
      return layer;
    }
    String activation = add ? "" : biasGelu ? "Gelu" : "FastGelu";
    return layer.then(next, TensorValues.floats(other.get()), activation);
  }

  /** Of more axes it could give the sum more axes than the product has. */
  private static boolean isBias(Tensor other, int columns) {
    return other.type() == DType.FP32 && other.rank() == 1 && other.elements() == columns;
  }
}
