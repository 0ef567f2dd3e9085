// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.proto.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left of a node of ONNX Runtime's own once the product before it adds its bias.
 *
 * @param place where among the inputs the sum stands
 */
record Rest(
    String op,
    int place,
    List<String> inputs,
    List<String> outputs,
    List<AttributeProto> attributes) {

  /** The node without one input, under another operator's name. */
  static Rest of(OnnxNode node, String op, int place, int left) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.remove(left);
    return new Rest(op, place, inputs, node.outputs(), node.attributes());
  }

  OnnxNode after(String sum) {
    List<String> all = new ArrayList<>(inputs);
    all.set(place, sum);
    return OnnxNode.microsoft(op, all, outputs, attributes.toArray(AttributeProto[]::new));
  }
}
