// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Layer normalizations, which end by multiplying and adding a constant to each channel and so can
 * smooth what they make without any cost. Only where nobody but the layers reads it: where a
 * residual does, as in BERT, it must see the value itself.
 */
final class Norms {
  private Norms() {}

  static boolean canSmooth(OnnxGraph graph, LayerGroup group) {
    Optional<OnnxNode> norm = graph.producer(group.input());
    if (norm.isEmpty() || graph.isOutput(group.input()) || firstConstant(norm.get()) < 0) {
      return false;
    }
    List<OnnxNode> layers = group.layers().stream().map(l -> l.nodes().getFirst()).toList();
    return norm.get().output(0).equals(group.input())
        && layers.containsAll(graph.consumers(group.input()))
        && constants(norm.get()).allMatch(name -> isVector(graph, name, group.channels()));
  }

  /** The place of gamma, which beta may follow. */
  private static int firstConstant(OnnxNode norm) {
    return norm.is("LayerNormalization") ? 1 : norm.isMicrosoft("SkipLayerNormalization") ? 2 : -1;
  }

  private static Stream<String> constants(OnnxNode norm) {
    int gamma = firstConstant(norm);
    return Stream.of(norm.input(gamma), norm.input(gamma + 1)).filter(name -> !name.isEmpty());
  }

  private static boolean isVector(OnnxGraph graph, String name, int channels) {
    Optional<Tensor> tensor = graph.constant(name);
    return tensor.isPresent()
        && tensor.get().type() == DType.FP32
        && tensor.get().rank() == 1
        && tensor.get().elements() == channels;
  }

  /** Lets the normalization that makes the value make it smoothed. */
  static void smooth(OnnxGraph graph, String value, Smoothing smoothing) {
    OnnxNode norm = graph.producer(value).orElseThrow();
    int gamma = firstConstant(norm);
    List<String> inputs = new ArrayList<>(norm.inputs());
    for (int place = gamma; place < Math.min(gamma + 2, inputs.size()); place++) {
      if (!inputs.get(place).isEmpty()) {
        inputs.set(place, divided(graph, inputs.get(place), smoothing));
      }
    }
    AttributeProto[] attributes = norm.attributes().toArray(AttributeProto[]::new);
    OnnxNode smooth =
        norm.domain().isEmpty()
            ? OnnxNode.standard(norm.op(), inputs, norm.outputs(), attributes)
            : OnnxNode.microsoft(norm.op(), inputs, norm.outputs(), attributes);
    graph.replace(List.of(norm), smooth);
  }

  private static String divided(OnnxGraph graph, String constant, Smoothing smoothing) {
    float[] values = TensorValues.floats(graph.constant(constant).orElseThrow());
    for (int j = 0; j < values.length; j++) {
      values[j] /= smoothing.of(j);
    }
    return graph.addConstant(
        constant + "/smooth", TensorValues.ofFloats(new long[] {values.length}, values));
  }
}
