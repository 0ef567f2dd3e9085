// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.List;

/**
 * What a look at an ONNX file tells without loading it.
 *
 * @param outputs of the main graph, in order
 */
record OnnxFacts(List<ValueInfoProto> outputs) {
  OnnxFacts {
    outputs = List.copyOf(outputs);
  }

  boolean hasOutput(String name) {
    return outputs.stream().anyMatch(output -> output.getName().equals(name));
  }

  /** Whether some output may hold one vector per token. */
  boolean hasTokenVectors() {
    return outputs.stream().anyMatch(OnnxFacts::perToken);
  }

  private static boolean perToken(ValueInfoProto output) {
    return !output.getType().getTensorType().hasShape()
        || output.getType().getTensorType().getShape().getDimCount() == 3;
  }
}
