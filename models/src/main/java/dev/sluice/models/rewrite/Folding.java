// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.Optional;

/**
 * What exporters compute from constants alone is computed here, once. Only operators whose result
 * is the same to the last bit whoever computes it.
 */
final class Folding implements Rewrite {
  /** What all results together may take up, beside what the constants do that they replace. */
  private static final long MAX_BYTES = 64L << 20;

  @Override
  public String name() {
    return "constants";
  }

  @Override
  public void apply(Work work) {
    long room = MAX_BYTES + constantBytes(work);
    for (OnnxNode node : work.graph().nodes()) {
      if (!node.domain().isEmpty()
          || node.outputs().size() != 1
          || work.graph().isOutput(node.output(0))) {
        continue;
      }
      Optional<Tensor> result = result(node, work, room);
      if (result.isPresent()) {
        room -= result.get().byteSize();
        work.graph().replace(node, result.get());
        work.report().count(this);
      }
    }
  }

  private static long constantBytes(Work work) {
    return work.graph().constants().stream()
        .mapToLong(name -> work.graph().constant(name).map(Tensor::byteSize).orElse(0))
        .sum();
  }

  private static Optional<Tensor> result(OnnxNode node, Work work, long room) {
    Optional<Tensor> a = work.graph().constant(node.input(0));
    if (a.isEmpty() || a.get().byteSize() > room || !a.get().type().fixedSize()) {
      return Optional.empty();
    }
    return switch (node.op()) {
      case "Transpose" -> Transposes.of(a.get(), node.integers("perm"));
      case "Unsqueeze", "Squeeze", "Reshape" -> reshaped(node, a.get(), work.facts());
      case "Cast" -> Casts.of(a.get(), node.integer("to", 0), room);
      case "Sqrt", "Neg", "Reciprocal" -> unary(node.op(), a.get());
      case "Add", "Sub", "Mul", "Div" ->
          work.graph().constant(node.input(1)).flatMap(b -> binary(node.op(), a.get(), b));
      default -> Optional.empty();
    };
  }

  /** The same elements in another shape. */
  private static Optional<Tensor> reshaped(OnnxNode node, Tensor a, Facts facts) {
    return facts
        .shape(node.output(0))
        .filter(dims -> dims.stream().allMatch(Dim.Known.class::isInstance))
        .map(dims -> dims.stream().mapToLong(dim -> ((Dim.Known) dim).value()).toArray())
        .filter(shape -> isSize(shape, a.elements()))
        .map(shape -> new Tensor(a.type(), shape, a.data()));
  }

  private static boolean isSize(long[] shape, long elements) {
    try {
      return Tensor.elements(shape) == elements;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private static Optional<Tensor> unary(String op, Tensor a) {
    if (a.type() != DType.FP32 || a.elements() != 1) {
      return Optional.empty();
    }
    float x = TensorValues.floats(a)[0];
    float y =
        switch (op) {
          case "Sqrt" -> (float) Math.sqrt(x);
          case "Neg" -> -x;
          default -> 1 / x;
        };
    return Optional.of(TensorValues.ofFloats(a.shape(), y));
  }

  /** Of single numbers: the scales and offsets that exporters spell out. */
  private static Optional<Tensor> binary(String op, Tensor a, Tensor b) {
    boolean plain =
        a.type() == DType.FP32 && b.type() == DType.FP32 && a.elements() == 1 && b.elements() == 1;
    if (!plain) {
      return Optional.empty();
    }
    float x = TensorValues.floats(a)[0];
    float y = TensorValues.floats(b)[0];
    float result =
        switch (op) {
          case "Add" -> x + y;
          case "Sub" -> x - y;
          case "Mul" -> x * y;
          default -> x / y;
        };
    return Optional.of(TensorValues.ofFloats((a.rank() > b.rank() ? a : b).shape(), result));
  }
}
