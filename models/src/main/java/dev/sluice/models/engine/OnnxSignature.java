// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The inputs and outputs of a session, in the order of the file. */
record OnnxSignature(List<TensorSpec> inputs, List<TensorSpec> outputs) {

  static OnnxSignature of(OrtSession session) throws OrtException, EngineException {
    List<TensorSpec> inputs = specs("input", session.getInputInfo().values());
    if (inputs.isEmpty()) {
      throw new EngineException("the model has no inputs");
    }
    for (TensorSpec input : inputs) {
      if (OnnxTypes.djlInput(input.type()).isEmpty()) {
        throw new EngineException(
            "input '%s' has the type %s, which ONNX Runtime cannot be given from Java; let the"
                    .formatted(input.name(), input.type())
                + " model take INT32 or INT64 and cast it");
      }
    }
    return new OnnxSignature(inputs, specs("output", session.getOutputInfo().values()));
  }

  /** Whether an output is a list of maps from class to score, which is no tensor. */
  static boolean hasClassMaps(OrtSession session) throws OrtException {
    return session.getOutputInfo().values().stream()
        .anyMatch(node -> node.getInfo() instanceof SequenceInfo s && s.isSequenceOfMaps());
  }

  private static List<TensorSpec> specs(String kind, Collection<NodeInfo> nodes)
      throws EngineException {
    List<TensorSpec> specs = new ArrayList<>(nodes.size());
    for (NodeInfo node : nodes) {
      if (!(node.getInfo() instanceof TensorInfo info)) {
        throw new EngineException(
            "%s '%s' is not a tensor; only tensors can be served".formatted(kind, node.getName()));
      }
      specs.add(new TensorSpec(node.getName(), type(kind, node, info), dims(info)));
    }
    return List.copyOf(specs);
  }

  private static DType type(String kind, NodeInfo node, TensorInfo info) throws EngineException {
    return OnnxTypes.ours(info.onnxType)
        .orElseThrow(
            () ->
                new EngineException(
                    "%s '%s' has the element type %s, which cannot be served"
                        .formatted(kind, node.getName(), info.onnxType)));
  }

  private static List<Long> dims(TensorInfo info) {
    return Arrays.stream(info.getShape()).map(dim -> dim < 0 ? -1 : dim).boxed().toList();
  }
}
