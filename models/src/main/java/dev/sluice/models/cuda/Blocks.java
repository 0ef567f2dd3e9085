// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.repository.ModelNames;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Looks for what encoders are made of, from results back to what they are made of. */
record Blocks(OnnxGraph graph) {
  private static final Set<DType> FLOATS = Set.of(DType.FP32, DType.FP16, DType.BF16);

  /**
   * {@code x W + b}, where W and b are constants.
   *
   * @param turned whether the weight is stored as the kernels want it, {@code [outputs, inputs]}
   */
  record Linear(String x, Tensor weight, boolean turned, Tensor bias) {
    int inputs() {
      return Math.toIntExact(weight.dim(turned ? 1 : 0));
    }

    int outputs() {
      return Math.toIntExact(weight.dim(turned ? 0 : 1));
    }

    /** Output channel after output channel, as the kernels want it. */
    void write(FloatBuffer rows, FloatBuffer biases) {
      float[] stored = TensorValues.floats(weight);
      biases.put(TensorValues.floats(bias));
      if (turned) {
        rows.put(stored);
        return;
      }
      int k = inputs();
      int n = outputs();
      for (int column = 0; column < n; column++) {
        for (int row = 0; row < k; row++) {
          rows.put(stored[row * n + column]);
        }
      }
    }

    EncoderWeights.Linear read() {
      FloatBuffer rows = FloatBuffer.allocate(Math.multiplyExact(inputs(), outputs()));
      FloatBuffer biases = FloatBuffer.allocate(outputs());
      write(rows, biases);
      return new EncoderWeights.Linear(rows.flip(), biases.flip());
    }
  }

  /** A LayerNorm over the sum of two values. */
  record Norm(OnnxNode node, String left, String right, Tensor gain, Tensor shift, float epsilon) {
    EncoderWeights.Norm read() {
      return new EncoderWeights.Norm(floats(gain), floats(shift));
    }

    /** The summand that is not this one. */
    Optional<String> beside(String value) {
      return value.equals(left)
          ? Optional.of(right)
          : value.equals(right) ? Optional.of(left) : Optional.empty();
    }
  }

  static FloatBuffer floats(Tensor tensor) {
    return FloatBuffer.wrap(TensorValues.floats(tensor));
  }

  Norm norm(String value) throws EngineException {
    OnnxNode node = maker(value, "a LayerNorm");
    if (!node.isMicrosoft("SkipLayerNormalization") || node.inputs().size() > 4) {
      throw unknown(node, "is no LayerNorm over two summands");
    }
    if (!node.output(3).isEmpty()) {
      throw unknown(node, "gives more than one result");
    }
    return new Norm(
        node,
        node.input(0),
        node.input(1),
        vector(node, node.input(2)),
        vector(node, node.input(3)),
        node.real("epsilon", 0));
  }

  boolean isLinear(String value) {
    return graph.producer(value).flatMap(this::linear).isPresent();
  }

  Linear linear(String value) throws EngineException {
    OnnxNode node = maker(value, "a product with weights");
    return linear(node)
        .orElseThrow(() -> unknown(node, "is no product with constant weights plus a bias"));
  }

  /** A sum of a constant vector and a product, in either order; or both in one. */
  private Optional<Linear> linear(OnnxNode sum) {
    if (!sum.is("Add")) {
      return gemm(sum);
    }
    for (int place = 0; place < 2; place++) {
      Optional<Tensor> bias = constant(sum.input(place)).filter(tensor -> tensor.rank() == 1);
      Optional<OnnxNode> product =
          graph.producer(sum.input(1 - place)).filter(node -> node.is("MatMul"));
      if (bias.isEmpty() || product.isEmpty()) {
        continue;
      }
      Optional<Tensor> weight =
          constant(product.get().input(1)).filter(tensor -> tensor.rank() == 2);
      if (weight.isPresent() && weight.get().dim(1) == bias.get().dim(0)) {
        return Optional.of(new Linear(product.get().input(0), weight.get(), false, bias.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<Linear> gemm(OnnxNode node) {
    boolean plain =
        node.is("Gemm")
            && node.integer("transA", 0) == 0
            && node.real("alpha", 1) == 1
            && node.real("beta", 1) == 1;
    boolean turned = node.integer("transB", 0) != 0;
    Optional<Tensor> weight = constant(node.input(1)).filter(tensor -> plain && tensor.rank() == 2);
    Optional<Tensor> bias = constant(node.input(2)).filter(tensor -> tensor.rank() == 1);
    return weight.isPresent()
            && bias.isPresent()
            && weight.get().dim(turned ? 0 : 1) == bias.get().dim(0)
        ? Optional.of(new Linear(node.input(0), weight.get(), turned, bias.get()))
        : Optional.empty();
  }

  /** By the error function. */
  static boolean isGelu(OnnxNode node) {
    return node.isMicrosoft("Gelu")
        || (node.is("Gelu") && node.string("approximate", "none").equals("none"));
  }

  /** Whether a node works along this axis alone, which its attribute or its second input names. */
  boolean isAlong(OnnxNode node, long axis) {
    return node.attribute("axes").isPresent()
        ? node.integers("axes").equals(List.of(axis))
        : isOnly(node.input(1), axis);
  }

  boolean isOnly(String value, long number) {
    OptionalLong only = only(value);
    return only.isPresent() && only.getAsLong() == number;
  }

  /** A constant that is one integer. */
  OptionalLong only(String value) {
    Optional<Tensor> tensor =
        graph
            .constant(value)
            .filter(t -> t.elements() == 1)
            .filter(t -> t.type() == DType.INT64 || t.type() == DType.INT32);
    return tensor.isPresent()
        ? OptionalLong.of(TensorValues.longs(tensor.get())[0])
        : OptionalLong.empty();
  }

  /** A constant of floats. */
  Optional<Tensor> constant(String value) {
    return graph.constant(value).filter(tensor -> FLOATS.contains(tensor.type()));
  }

  /** The value that an output of the model is only another name of. */
  String unnamed(String output) {
    return graph
        .producer(output)
        .filter(node -> node.is("Identity"))
        .map(node -> node.input(0))
        .orElse(output);
  }

  OnnxNode maker(String value, String wanted) throws EngineException {
    return graph
        .producer(value)
        .orElseThrow(
            () ->
                new EngineException(
                    "where %s should be, there is '%s', which no node makes"
                        .formatted(wanted, ModelNames.printable(value))));
  }

  private Tensor vector(OnnxNode node, String value) throws EngineException {
    return constant(value)
        .filter(tensor -> tensor.rank() == 1)
        .orElseThrow(() -> unknown(node, "has a gain or shift that is no constant vector"));
  }

  static EngineException unknown(OnnxNode node, String why) {
    String name = node.name().isEmpty() ? node.output(0) : node.name();
    return new EngineException(
        "the node '%s' (%s) %s"
            .formatted(ModelNames.printable(name), ModelNames.printable(node.op()), why));
  }

  static EngineException differs(OnnxNode node, String what, Object got, Object wanted) {
    return unknown(node, "has %s %s, not %s".formatted(what, got, wanted));
  }

  /** Whether nothing but the shapes of inputs and constants make a value. */
  boolean followsFromShapes(String value) {
    return followsFromShapes(List.of(value), 0);
  }

  private boolean followsFromShapes(List<String> values, int depth) {
    // Longer chains than any exporter makes are not worth following.
    int most = 30;
    for (String value : values) {
      boolean given = value.isEmpty() || graph.constant(value).isPresent();
      Optional<OnnxNode> node = graph.producer(value);
      boolean follows =
          given
              || (node.isPresent()
                  && depth < most
                  && (node.get().is("Shape") || followsFromShapes(node.get().inputs(), depth + 1)));
      if (!follows) {
        return false;
      }
    }
    return true;
  }
}
