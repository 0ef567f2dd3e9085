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
  private static final int BIAS_OF_SKIP = 4;

  private Biases() {}

  /** The layer with the bias of the node after it, if that has one. */
  static LinearLayer absorbed(OnnxGraph graph, LinearLayer layer) {
    if (!graph.readOnce(layer.output())) {
      return layer;
    }
    OnnxNode next = graph.consumers(layer.output()).getFirst();
    int place = next.inputs().indexOf(layer.output());
    if (next.inputs().lastIndexOf(layer.output()) != place) {
      return layer;
    }
    int bias = bias(next, place);
    Optional<Tensor> added = bias < 0 ? Optional.empty() : graph.constant(next.input(bias));
    if (added.isEmpty() || !isBias(added.get(), layer.columns())) {
      return layer;
    }
    float[] values = TensorValues.floats(added.get());
    if (next.is("Add")) {
      return layer.adding(values, next, next.output(0), Optional.empty());
    }
    String op = next.op().equals("BiasGelu") ? "Gelu" : next.op();
    return layer.adding(values, next, layer.output(), Optional.of(Rest.of(next, op, place, bias)));
  }

  /** Where the node that reads a product at this place has its bias; -1 for nowhere. */
  private static int bias(OnnxNode next, int place) {
    if (next.is("Add")) {
      return 1 - place;
    }
    if (next.isMicrosoft("BiasGelu") || next.isMicrosoft("FastGelu")) {
      return place == 0 && next.inputs().size() == 2 ? 1 : -1;
    }
    boolean summand = next.isMicrosoft("SkipLayerNormalization") && place < 2;
    return summand && next.inputs().size() == BIAS_OF_SKIP + 1 ? BIAS_OF_SKIP : -1;
  }

  /** Of more axes it could give the sum more axes than the product has. */
  private static boolean isBias(Tensor other, int columns) {
    return other.type() == DType.FP32 && other.rank() == 1 && other.elements() == columns;
  }
}
