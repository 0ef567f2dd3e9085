// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A product with constant weights, and the bias that is added to it.
 *
 * @param name for people
 * @param input the value that is multiplied; its last axis has the channels
 * @param output what the sum of both is called
 * @param stored the weights as the model holds them
 * @param transposed whether they are stored column by column
 * @param factor what the product is multiplied by
 * @param bias one for each column; none at all where nothing is added
 * @param rest what else the node does that adds the bias; empty for nothing
 * @param nodes all that computes it now
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LinearLayer(
    String name,
    String input,
    String output,
    Tensor stored,
    boolean transposed,
    float factor,
    float[] bias,
    Optional<Rest> rest,
    List<OnnxNode> nodes) {

  LinearLayer {
    nodes = List.copyOf(nodes);
  }

  int rows() {
    return Math.toIntExact(stored.dim(transposed ? 1 : 0));
  }

  int columns() {
    return Math.toIntExact(stored.dim(transposed ? 0 : 1));
  }

  /** Read out anew each time: a large model's weights are not held twice. */
  Matrix weights() {
    Matrix matrix =
        new Matrix(
            TensorValues.floats(stored),
            Math.toIntExact(stored.dim(0)),
            Math.toIntExact(stored.dim(1)));
    Matrix turned = transposed ? matrix.transpose() : matrix;
    return factor == 1 ? turned : turned.times(factor);
  }

  /** The layer with a bias that the next node adds now. */
  LinearLayer adding(float[] added, OnnxNode next, String sum, Optional<Rest> left) {
    return new LinearLayer(
        name, input, sum, stored, transposed, factor, added, left, List.of(nodes.getFirst(), next));
  }
}
