// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.ElementTypes;
import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recognises what exporters make of the input {@code attention_mask} [B, S], whichever way they go
 * about it: by what becomes of a 0 and of a 1 in it. For one state of one graph.
 */
final class PaddingMasks {
  static final String MASK = "attention_mask";

  /**
   * What a value holds where the mask has 0 and where it has 1; of the shape [B, 1, .., S], unless
   * it is the same everywhere.
   *
   * @param varies whether it depends on the mask at all
   * @param stretched whether it was stretched over further axes since
   */
  record Image(float zero, float one, boolean varies, boolean stretched) {
    Image with(float newZero, float newOne) {
      return new Image(newZero, newOne, varies, stretched);
    }
  }

  private interface Formula {
    float of(float a, float b);
  }

  private static final Map<String, Formula> FORMULAS =
      Map.of(
          "Add", (a, b) -> a + b,
          "Sub", (a, b) -> a - b,
          "Mul", (a, b) -> a * b,
          "Equal", (a, b) -> a == b ? 1 : 0,
          "Greater", (a, b) -> a > b ? 1 : 0,
          "Less", (a, b) -> a < b ? 1 : 0,
          "And", (a, b) -> a * b,
          "Or", (a, b) -> Math.max(a, b));

  private final OnnxGraph graph;
  private final Facts facts;
  private final Map<String, Optional<Image>> known = new HashMap<>();

  PaddingMasks(OnnxGraph graph, Facts facts) {
    this.graph = graph;
    this.facts = facts;
    if (graph.isInput(MASK) && facts.shape(MASK).filter(dims -> dims.size() == 2).isPresent()) {
      known.put(MASK, Optional.of(new Image(0, 1, true, false)));
    }
    // In this order, what a node reads is known before it.
    graph.nodes().forEach(node -> known.put(node.output(0), image(node)));
  }

  /** Empty for anything else. */
  Optional<Image> of(String value) {
    Optional<Image> found = known.get(value);
    return found != null ? found : graph.constant(value).flatMap(PaddingMasks::constant);
  }

  private static Optional<Image> constant(Tensor tensor) {
    if (tensor.elements() != 1) {
      return Optional.empty();
    }
    return switch (tensor.type()) {
      case FP32, FP16, BF16 -> same(TensorValues.floats(tensor)[0]);
      case INT64, INT32, BOOL -> same((float) TensorValues.longs(tensor)[0]);
      default -> Optional.empty();
    };
  }

  private static Optional<Image> same(float number) {
    return Optional.of(new Image(number, number, false, false));
  }

  private Optional<Image> image(OnnxNode node) {
    Optional<Image> a = node.domain().isEmpty() ? of(node.input(0)) : Optional.empty();
    if (a.isEmpty() || node.outputs().size() != 1) {
      return Optional.empty();
    }
    Formula formula = FORMULAS.get(node.op());
    if (formula != null) {
      return of(node.input(1)).flatMap(b -> combined(a.get(), b, formula));
    }
    return switch (node.op()) {
      case "Identity" -> a;
      case "Not" -> Optional.of(a.get().with(1 - a.get().zero(), 1 - a.get().one()));
      case "Cast" -> cast(node, a.get());
      case "Unsqueeze", "Reshape" ->
          a.filter(image -> !image.stretched() && isMaskShape(node.output(0)));
      case "Expand" -> expanded(node, a.get());
      case "Where" -> where(node, a.get());
      default -> Optional.empty();
    };
  }

  private static Optional<Image> combined(Image a, Image b, Formula formula) {
    Image frame = a.varies() ? a : b;
    if (a.varies() && b.varies() && a.stretched() != b.stretched()) {
      return Optional.empty();
    }
    return Optional.of(frame.with(formula.of(a.zero(), b.zero()), formula.of(a.one(), b.one())));
  }

  private static Optional<Image> cast(OnnxNode node, Image a) {
    Optional<DType> to = ElementTypes.ofCode((int) node.integer("to", 0));
    if (to.isEmpty()) {
      return Optional.empty();
    }
    return switch (to.get()) {
      case BOOL -> Optional.of(a.with(a.zero() == 0 ? 0 : 1, a.one() == 0 ? 0 : 1));
      case FP32, FP16, BF16, FP64 -> Optional.of(a);
      case INT64, INT32 -> isBit(a.zero()) && isBit(a.one()) ? Optional.of(a) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isBit(float x) {
    return x == 0 || x == 1;
  }

  /** [B, 1, .., S]: whatever the way to this shape, the order of the elements is the mask's. */
  private boolean isMaskShape(String value) {
    List<Dim> mask = facts.shape(MASK).orElseThrow();
    return facts
        .shape(value)
        .filter(dims -> dims.size() >= 2 && dims.getFirst().equals(mask.getFirst()))
        .filter(dims -> dims.getLast().equals(mask.getLast()))
        .filter(dims -> dims.subList(1, dims.size() - 1).stream().allMatch(dim -> dim.is(1)))
        .isPresent();
  }

  private Optional<Image> expanded(OnnxNode node, Image a) {
    Optional<List<Dim>> before = facts.shape(node.input(0));
    Optional<List<Dim>> after = facts.shape(node.output(0));
    boolean sound =
        before.isPresent()
            && after.isPresent()
            && before.get().size() == after.get().size()
            && before.get().getFirst().equals(after.get().getFirst())
            && before.get().getLast().equals(after.get().getLast());
    return sound ? Optional.of(new Image(a.zero(), a.one(), a.varies(), true)) : Optional.empty();
  }

  private Optional<Image> where(OnnxNode node, Image condition) {
    Optional<Image> then = of(node.input(1));
    Optional<Image> otherwise = of(node.input(2));
    if (!condition.varies() || then.isEmpty() || otherwise.isEmpty()) {
      return Optional.empty();
    }
    boolean alike =
        List.of(then.get(), otherwise.get()).stream()
            .allMatch(image -> !image.varies() || image.stretched() == condition.stretched());
    return alike
        ? Optional.of(
            condition.with(
                condition.zero() != 0 ? then.get().zero() : otherwise.get().zero(),
                condition.one() != 0 ? then.get().one() : otherwise.get().one()))
        : Optional.empty();
  }
}
