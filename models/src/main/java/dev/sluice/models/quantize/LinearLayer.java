// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.Tensor;
import java.util.List;

/**
 * A product with constant weights, the bias that is added to it, and the Gelu of that where the
 * model has the two in one node.
 *
 * @param name for people
 * @param input the value that is multiplied; its last axis has the channels
 * @param output what all of it together makes
 * @param stored the weights as the model holds them
 * @param transposed whether they are stored column by column
 * @param factor what the product is multiplied by
 * @param bias one for each column; none at all where nothing is added
 * @param gelu the operator that follows; empty for none
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
    String gelu,
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

  LinearLayer then(OnnxNode next, float[] added, String activation) {
    return new LinearLayer(
        name,
        input,
        next.output(0),
        stored,
        transposed,
        factor,
        added,
        activation,
        List.of(nodes.getFirst(), next));
  }
}
