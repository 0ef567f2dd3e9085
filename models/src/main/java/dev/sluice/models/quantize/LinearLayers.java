// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The layers of a graph that can be quantized, and those with constant weights that cannot.
 *
 * @param left why each of those stays as it is
 */
record LinearLayers(List<LayerGroup> groups, List<Left> left) {
  /** Below this the nodes around a product cost more than its INT8 saves. */
  private static final int LEAST_WEIGHTS = 1024;

  /** Sums of products of a UINT8 and an INT8 fit 32 bits up to here. */
  private static final int MOST_ROWS = Integer.MAX_VALUE / (255 * 128);

  /** A layer that stays as it is. */
  record Left(String name, String reason) {}

  static LinearLayers of(OnnxGraph graph) {
    Map<String, List<LinearLayer>> byInput = new LinkedHashMap<>();
    List<Left> left = new ArrayList<>();
    for (OnnxNode node : graph.nodes()) {
      if (!isProduct(graph, node)) {
        continue;
      }
      Optional<String> obstacle = obstacle(graph, node);
      if (obstacle.isPresent()) {
        left.add(new Left(name(node), obstacle.get()));
      } else {
        LinearLayer layer = layer(graph, node);
        byInput.computeIfAbsent(layer.input(), input -> new ArrayList<>()).add(layer);
      }
    }
    List<LayerGroup> groups = new ArrayList<>();
    byInput.forEach((input, layers) -> groups.add(new LayerGroup(input, layers)));
    return new LinearLayers(List.copyOf(groups), List.copyOf(left));
  }

  private static boolean isProduct(OnnxGraph graph, OnnxNode node) {
    return (node.is("MatMul") || node.is("Gemm"))
        && graph.constant(node.input(1)).isPresent()
        && graph.constant(node.input(0)).isEmpty();
  }

  private static String name(OnnxNode node) {
    return node.name().isEmpty() ? node.output(0) : node.name();
  }

  private static Optional<String> obstacle(OnnxGraph graph, OnnxNode node) {
    Tensor weights = graph.constant(node.input(1)).orElseThrow();
    if (weights.type() != DType.FP32) {
      return Optional.of("its weights are " + weights.type() + ", not FP32");
    }
    if (weights.rank() != 2) {
      return Optional.of("its weights are no matrix, but " + weights);
    }
    if (weights.elements() < LEAST_WEIGHTS) {
      return Optional.of("it is too small to gain from INT8");
    }
    if (weights.dim(isTransposed(node) ? 1 : 0) > MOST_ROWS) {
      return Optional.of("its sums would not fit 32 bits");
    }
    return node.is("Gemm") ? Gemms.obstacle(graph, node) : Optional.empty();
  }

  private static boolean isTransposed(OnnxNode node) {
    return node.is("Gemm") && node.integer("transB", 0) != 0;
  }

  private static LinearLayer layer(OnnxGraph graph, OnnxNode node) {
    boolean gemm = node.is("Gemm");
    Tensor stored = graph.constant(node.input(1)).orElseThrow();
    LinearLayer layer =
        new LinearLayer(
            name(node),
            node.input(0),
            node.output(0),
            stored,
            isTransposed(node),
            gemm ? node.real("alpha", 1) : 1,
            gemm ? Gemms.bias(graph, node) : new float[0],
            Optional.empty(),
            List.of(node));
    return layer.bias().length == 0 ? Biases.absorbed(graph, layer) : layer;
  }
}
