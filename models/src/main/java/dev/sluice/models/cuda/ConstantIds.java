// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Ids that are one and the same for every token, whatever the exporter made of them: RoBERTa's
 * token types, which the model is not told.
 */
final class ConstantIds {
  /** What they do to their first input leaves its elements what they are. */
  private static final Set<String> PICKING =
      Set.of(
          "Slice", "Expand", "Unsqueeze", "Squeeze", "Reshape", "Cast", "Gather", "GatherElements");

  private static final int MOST_STEPS = 10;

  private ConstantIds() {}

  static OptionalLong of(Blocks blocks, String ids) {
    String value = ids;
    for (int step = 0; step < MOST_STEPS; step++) {
      Optional<OnnxNode> node = blocks.graph().producer(value);
      if (node.isEmpty()) {
        return blocks.graph().constant(value).map(ConstantIds::same).orElse(OptionalLong.empty());
      }
      if (node.get().is("ConstantOfShape")) {
        return node.get().tensor("value").map(ConstantIds::same).orElse(OptionalLong.of(0));
      }
      if (!node.get().domain().isEmpty() || !PICKING.contains(node.get().op())) {
        return OptionalLong.empty();
      }
      value = node.get().input(0);
    }
    return OptionalLong.empty();
  }

  private static OptionalLong same(Tensor tensor) {
    if (tensor.elements() == 0 || (tensor.type() != DType.INT64 && tensor.type() != DType.INT32)) {
      return OptionalLong.empty();
    }
    long[] ids = TensorValues.longs(tensor);
    return Arrays.stream(ids).allMatch(id -> id == ids[0])
        ? OptionalLong.of(ids[0])
        : OptionalLong.empty();
  }
}
