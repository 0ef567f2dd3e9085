// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.ElementTypes;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.List;

/**
 * Adds operators to a model in the form that its version of the standard set has. Each gives the
 * name of the value that it makes, which begins with the hint.
 */
record Emit(OnnxModel model, String hint) {
  private static final long AXES_ARE_INPUTS = 13;

  String node(String op, String... inputs) {
    String output = model.graph().fresh(hint + "/" + op);
    model.graph().add(OnnxNode.standard(op, List.of(inputs), List.of(output)));
    return output;
  }

  String cast(String value, DType type) {
    String output = model.graph().fresh(hint + "/Cast");
    model
        .graph()
        .add(
            OnnxNode.standard(
                "Cast",
                List.of(value),
                List.of(output),
                Attributes.integer("to", ElementTypes.code(type))));
    return output;
  }

  String unsqueeze(String value, long axis) {
    return withAxis("Unsqueeze", value, axis);
  }

  String squeeze(String value, long axis) {
    return withAxis("Squeeze", value, axis);
  }

  /** The axis stays, with the size 1. */
  String reduceSum(String value, long axis) {
    return withAxis("ReduceSum", value, axis);
  }

  private String withAxis(String op, String value, long axis) {
    String output = model.graph().fresh(hint + "/" + op);
    OnnxNode node =
        model.opset() >= AXES_ARE_INPUTS
            ? OnnxNode.standard(op, List.of(value, longs(axis)), List.of(output))
            : OnnxNode.standard(
                op, List.of(value), List.of(output), Attributes.integers("axes", axis));
    model.graph().add(node);
    return output;
  }

  /** What is at these places along an axis; a single place without brackets drops the axis. */
  String gather(String value, Tensor places, long axis) {
    String output = model.graph().fresh(hint + "/Gather");
    model
        .graph()
        .add(
            OnnxNode.standard(
                "Gather",
                List.of(value, constant(places)),
                List.of(output),
                Attributes.integer("axis", axis)));
    return output;
  }

  String longs(long... values) {
    return constant(TensorValues.ofLongs(new long[] {values.length}, values));
  }

  String constant(Tensor tensor) {
    return model.graph().addConstant(hint + "/constant", tensor);
  }
}
