// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.ModelNames;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.TensorProto;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The initializers of a graph. */
final class Constants {
  /** In the form of the file, so that what is not changed is written as it was read. */
  private final Map<String, TensorProto> protos = new LinkedHashMap<>();

  private final Map<String, Tensor> tensors = new HashMap<>();

  Constants(GraphProto graph) throws EngineException {
    for (TensorProto proto : graph.getInitializerList()) {
      if (protos.containsKey(proto.getName())) {
        throw new EngineException(
            "the initializer '%s' is there twice".formatted(ModelNames.printable(proto.getName())));
      }
      put(proto);
    }
  }

  private void put(TensorProto proto) throws EngineException {
    protos.put(proto.getName(), proto);
    TensorData.read(proto).ifPresent(tensor -> tensors.put(proto.getName(), tensor));
  }

  /** Makes an initializer of a Constant node; false for other nodes, and values of other forms. */
  boolean takeIn(NodeProto node) throws EngineException {
    if (!node.getOpType().equals("Constant")
        || !OnnxNode.domain(node.getDomain()).isEmpty()
        || node.getOutputCount() != 1
        || node.getAttributeCount() != 1) {
      return false;
    }
    String name = node.getOutput(0);
    AttributeProto value = node.getAttribute(0);
    switch (value.getName()) {
      case "value" -> put(value.getT().toBuilder().setName(name).build());
      case "value_float" -> put(name, TensorValues.ofFloats(new long[0], value.getF()));
      case "value_floats" -> {
        float[] floats = new float[value.getFloatsCount()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = value.getFloats(i);
        }
        put(name, TensorValues.ofFloats(new long[] {floats.length}, floats));
      }
      case "value_int" -> put(name, TensorValues.ofLongs(new long[0], value.getI()));
      case "value_ints" -> {
        long[] ints = value.getIntsList().stream().mapToLong(Long::longValue).toArray();
        put(name, TensorValues.ofLongs(new long[] {ints.length}, ints));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  void put(String name, Tensor tensor) {
    protos.put(name, TensorData.write(name, tensor));
    tensors.put(name, tensor);
  }

  boolean has(String name) {
    return protos.containsKey(name);
  }

  Optional<Tensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  Set<String> names() {
    return protos.keySet();
  }

  void retain(Predicate<String> wanted) {
    protos.keySet().removeIf(wanted.negate());
    tensors.keySet().retainAll(protos.keySet());
  }

  Iterable<TensorProto> protos() {
    return protos.values();
  }
}
