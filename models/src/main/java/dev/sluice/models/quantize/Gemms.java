// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.Optional;

/** What is particular to Gemm: {@code alpha * A * B + beta * C}, of which A and B may be turned. */
final class Gemms {
  private Gemms() {}

  /** Why this one cannot be quantized, if so. */
  static Optional<String> obstacle(OnnxGraph graph, OnnxNode gemm) {
    if (gemm.integer("transA", 0) != 0) {
      return Optional.of("its input is transposed");
    }
    if (gemm.input(2).isEmpty()) {
      return Optional.empty();
    }
    Optional<Tensor> bias = graph.constant(gemm.input(2));
    if (bias.isEmpty() || bias.get().type() != DType.FP32) {
      return Optional.of("what it adds is no FP32 constant");
    }
    return isOneRow(bias.get(), columns(graph, gemm))
        ? Optional.empty()
        : Optional.of("it adds another vector to each row");
  }

  private static boolean isOneRow(Tensor bias, int columns) {
    boolean fits = bias.elements() == 1 || bias.elements() == columns;
    return fits && (bias.rank() <= 1 || (bias.rank() == 2 && bias.dim(1) == bias.elements()));
  }

  /** One for each column; none at all without C. */
  static float[] bias(OnnxGraph graph, OnnxNode gemm) {
    if (gemm.input(2).isEmpty()) {
      return new float[0];
    }
    float[] given = TensorValues.floats(graph.constant(gemm.input(2)).orElseThrow());
    float beta = gemm.real("beta", 1);
    float[] bias = new float[columns(graph, gemm)];
    for (int n = 0; n < bias.length; n++) {
      bias[n] = beta * given[given.length == 1 ? 0 : n];
    }
    return bias;
  }

  private static int columns(OnnxGraph graph, OnnxNode gemm) {
    Tensor weights = graph.constant(gemm.input(1)).orElseThrow();
    return Math.toIntExact(weights.dim(gemm.integer("transB", 0) == 0 ? 1 : 0));
  }
}
