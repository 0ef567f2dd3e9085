// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What shape the operators of encoders give their results. Others leave it unknown. */
final class ShapeRules {
  /** The shape of the first output, as far as it follows. */
  private interface Rule {
    Optional<List<Dim>> shape(OnnxNode node, Facts facts);
  }

  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    Rule same = (node, facts) -> facts.shape(node.input(0));
    Rule broadcast = (node, facts) -> broadcast(node.inputs(), facts);
    Stream.of(
            "Abs",
            "Cast",
            "Clip",
            "CumSum",
            "Dropout",
            "Erf",
            "Exp",
            "Gelu",
            "Identity",
            "Log",
            "LayerNormalization",
            "LpNormalization",
            "Neg",
            "Not",
            "Reciprocal",
            "Relu",
            "Round",
            "Sigmoid",
            "Softmax",
            "Sqrt",
            "Tanh",
            "BiasGelu",
            "FastGelu",
            "SkipLayerNormalization",
            "QuantizeLinear",
            "DequantizeLinear")
        .forEach(op -> RULES.put(op, same));
    Stream.of(
            "Add",
            "And",
            "Div",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Max",
            "Min",
            "Mul",
            "Or",
            "Pow",
            "Sub",
            "Where")
        .forEach(op -> RULES.put(op, broadcast));
    Stream.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2")
        .forEach(op -> RULES.put(op, ShapeRules::reduce));
    RULES.put("MatMul", ShapeRules::matMul);
    RULES.put("MatMulIntegerToFloat", ShapeRules::matMul);
    RULES.put("DynamicQuantizeMatMul", ShapeRules::matMul);
    RULES.put("MatMulInteger", ShapeRules::matMul);
    RULES.put("Gemm", ShapeRules::gemm);
    RULES.put("Gather", ShapeRules::gather);
    RULES.put("Transpose", ShapeRules::transpose);
    RULES.put("Reshape", ShapeRules::reshape);
    RULES.put("Unsqueeze", ShapeRules::unsqueeze);
    RULES.put("Squeeze", ShapeRules::squeeze);
    RULES.put("Concat", ShapeRules::concat);
    RULES.put("Expand", ShapeRules::expand);
    RULES.put("Slice", ShapeRules::slice);
    RULES.put("ConstantOfShape", (node, facts) -> facts.contents(node.input(0)));
    RULES.put(
        "Shape", (node, facts) -> facts.shape(node.input(0)).map(s -> List.of(Dim.of(s.size()))));
    RULES.put("MultiHeadAttention", ShapeRules::attention);
    RULES.put("Range", ShapeRules::range);
  }

  private ShapeRules() {}

  static void infer(OnnxNode node, Facts facts) {
    if (node.is("Split")) {
      split(node, facts);
      return;
    }
    Rule rule = RULES.get(node.op());
    if (rule != null) {
      rule.shape(node, facts).ifPresent(shape -> facts.shape(node.output(0), shape));
    }
  }

  static Optional<List<Dim>> broadcast(List<String> values, Facts facts) {
    List<Dim> result = List.of();
    for (String value : values) {
      Optional<List<Dim>> shape = facts.shape(value);
      if (shape.isEmpty()) {
        return Optional.empty();
      }
      result = broadcast(result, shape.get(), facts);
    }
    return Optional.of(result);
  }

  private static List<Dim> broadcast(List<Dim> a, List<Dim> b, Facts facts) {
    int rank = Math.max(a.size(), b.size());
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      Dim left = fromEnd(a, rank - axis);
      Dim right = fromEnd(b, rank - axis);
      dims.add(Dim.broadcast(left, right).orElseGet(facts::fresh));
    }
    return dims;
  }

  private static Dim fromEnd(List<Dim> shape, int place) {
    return place > shape.size() ? Dim.ONE : shape.get(shape.size() - place);
  }

  private static Optional<List<Dim>> reduce(OnnxNode node, Facts facts) {
    Optional<List<Dim>> shape = facts.shape(node.input(0));
    Optional<long[]> axes = facts.axes(node, 1);
    if (shape.isEmpty() || axes.isEmpty() || axes.get().length == 0) {
      return Optional.empty();
    }
    List<Dim> dims = new ArrayList<>(shape.get());
    for (long axis : axes.get()) {
      int at = place(axis, dims.size());
      if (at < 0) {
        return Optional.empty();
      }
      dims.set(at, Dim.of(-1));
    }
    if (node.integer("keepdims", 1) == 0) {
      dims.removeIf(dim -> dim.is(-1));
    } else {
      dims.replaceAll(dim -> dim.is(-1) ? Dim.ONE : dim);
    }
    return Optional.of(dims);
  }

  /** An axis that may count from the end; negative when there is no such axis. */
  static int place(long axis, int rank) {
    long place = axis < 0 ? axis + rank : axis;
    return place < 0 || place >= rank ? -1 : (int) place;
  }

  private static Optional<List<Dim>> matMul(OnnxNode node, Facts facts) {
    Optional<List<Dim>> a = facts.shape(node.input(0));
    Optional<List<Dim>> b = facts.shape(node.input(1));
    if (a.isEmpty() || b.isEmpty() || a.get().size() < 2 || b.get().size() < 2) {
      return Optional.empty();
    }
    List<Dim> left = a.get().subList(0, a.get().size() - 2);
    List<Dim> right = b.get().subList(0, b.get().size() - 2);
    List<Dim> dims = new ArrayList<>(broadcast(left, right, facts));
    dims.add(a.get().get(a.get().size() - 2));
    dims.add(b.get().getLast());
    return Optional.of(dims);
  }

  private static Optional<List<Dim>> gemm(OnnxNode node, Facts facts) {
    Optional<List<Dim>> a = facts.shape(node.input(0)).filter(dims -> dims.size() == 2);
    Optional<List<Dim>> b = facts.shape(node.input(1)).filter(dims -> dims.size() == 2);
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        List.of(
            a.get().get(node.integer("transA", 0) == 0 ? 0 : 1),
            b.get().get(node.integer("transB", 0) == 0 ? 1 : 0)));
  }

  private static Optional<List<Dim>> gather(OnnxNode node, Facts facts) {
    Optional<List<Dim>> data = facts.shape(node.input(0));
    Optional<List<Dim>> indices = facts.shape(node.input(1));
    if (data.isEmpty() || indices.isEmpty()) {
      return Optional.empty();
    }
    int axis = place(node.integer("axis", 0), data.get().size());
    if (axis < 0) {
      return Optional.empty();
    }
    List<Dim> dims = new ArrayList<>(data.get().subList(0, axis));
    dims.addAll(indices.get());
    dims.addAll(data.get().subList(axis + 1, data.get().size()));
    return Optional.of(dims);
  }

  private static Optional<List<Dim>> transpose(OnnxNode node, Facts facts) {
    List<Long> order = node.integers("perm");
    return facts
        .shape(node.input(0))
        .flatMap(
            dims -> {
              if (order.isEmpty()) {
                return Optional.of(dims.reversed());
              }
              boolean sound =
                  order.size() == dims.size()
                      && order.stream().allMatch(axis -> axis >= 0 && axis < dims.size());
              return sound
                  ? Optional.of(order.stream().map(axis -> dims.get(axis.intValue())).toList())
                  : Optional.empty();
            });
  }

  private static Optional<List<Dim>> reshape(OnnxNode node, Facts facts) {
    Optional<List<Dim>> wanted = facts.contents(node.input(1));
    if (wanted.isEmpty() || node.integer("allowzero", 0) != 0) {
      return Optional.empty();
    }
    return Reshapes.result(facts.shape(node.input(0)), wanted.get(), facts);
  }

  private static Optional<List<Dim>> unsqueeze(OnnxNode node, Facts facts) {
    Optional<List<Dim>> shape = facts.shape(node.input(0));
    Optional<long[]> axes = facts.axes(node, 1);
    if (shape.isEmpty() || axes.isEmpty()) {
      return Optional.empty();
    }
    int rank = shape.get().size() + axes.get().length;
    List<Integer> places = LongStream.of(axes.get()).mapToObj(a -> place(a, rank)).toList();
    List<Dim> dims = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (places.contains(axis)) {
        dims.add(Dim.ONE);
      } else if (next < shape.get().size()) {
        dims.add(shape.get().get(next++));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(dims);
  }

  private static Optional<List<Dim>> squeeze(OnnxNode node, Facts facts) {
    Optional<List<Dim>> shape = facts.shape(node.input(0));
    Optional<long[]> axes = facts.axes(node, 1);
    if (shape.isEmpty() || axes.isEmpty()) {
      return Optional.empty();
    }
    int rank = shape.get().size();
    List<Integer> places = LongStream.of(axes.get()).mapToObj(a -> place(a, rank)).toList();
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (!places.contains(axis)) {
        dims.add(shape.get().get(axis));
      }
    }
    return Optional.of(dims);
  }

  private static Optional<List<Dim>> concat(OnnxNode node, Facts facts) {
    List<Dim> dims = new ArrayList<>();
    long total = 0;
    boolean counted = true;
    for (String part : node.inputs()) {
      Optional<List<Dim>> shape = facts.shape(part);
      int axis = shape.map(s -> place(node.integer("axis", 0), s.size())).orElse(-1);
      if (axis < 0 || (!dims.isEmpty() && dims.size() != shape.get().size())) {
        return Optional.empty();
      }
      if (dims.isEmpty()) {
        dims.addAll(shape.get());
      }
      if (shape.get().get(axis) instanceof Dim.Known known) {
        total += known.value();
      } else {
        counted = false;
      }
      dims.set(axis, counted ? Dim.of(total) : facts.fresh());
    }
    return Optional.of(dims);
  }

  private static Optional<List<Dim>> expand(OnnxNode node, Facts facts) {
    Optional<List<Dim>> shape = facts.shape(node.input(0));
    return facts
        .contents(node.input(1))
        .flatMap(wanted -> shape.map(dims -> broadcast(dims, wanted, facts)));
  }

  /** Only of the newer form with inputs. */
  private static Optional<List<Dim>> slice(OnnxNode node, Facts facts) {
    Optional<List<Dim>> shape = facts.shape(node.input(0));
    Optional<long[]> axes =
        node.input(3).isEmpty()
            ? facts.contents(node.input(1)).map(starts -> firstAxes(starts.size()))
            : facts.integers(node.input(3));
    if (shape.isEmpty() || axes.isEmpty()) {
      return Optional.empty();
    }
    List<Dim> dims = new ArrayList<>(shape.get());
    for (int i = 0; i < axes.get().length; i++) {
      int axis = place(axes.get()[i], dims.size());
      if (axis < 0) {
        return Optional.empty();
      }
      dims.set(axis, Slices.size(node, i, dims.get(axis), facts));
    }
    return Optional.of(dims);
  }

  private static long[] firstAxes(int count) {
    return LongStream.range(0, count).toArray();
  }

  /** Only where it is said what goes where. */
  private static void split(OnnxNode node, Facts facts) {
    Optional<List<Dim>> shape = facts.shape(node.input(0));
    Optional<long[]> sizes =
        node.attribute("split").isPresent()
            ? Optional.of(node.integers("split").stream().mapToLong(Long::longValue).toArray())
            : facts.integers(node.input(1));
    int axis = shape.map(dims -> place(node.integer("axis", 0), dims.size())).orElse(-1);
    if (axis < 0 || sizes.isEmpty() || sizes.get().length != node.outputs().size()) {
      return;
    }
    for (int i = 0; i < sizes.get().length; i++) {
      List<Dim> dims = new ArrayList<>(shape.get());
      dims.set(axis, Dim.of(sizes.get()[i]));
      facts.shape(node.output(i), dims);
    }
  }

  private static Optional<List<Dim>> attention(OnnxNode node, Facts facts) {
    Optional<List<Dim>> query = facts.shape(node.input(0)).filter(dims -> dims.size() == 3);
    Optional<List<Dim>> value = facts.shape(node.input(2)).filter(dims -> dims.size() == 3);
    return query.isPresent() && value.isPresent()
        ? Optional.of(List.of(query.get().get(0), query.get().get(1), value.get().get(2)))
        : Optional.empty();
  }

  /** From 0 in steps of 1. */
  private static Optional<List<Dim>> range(OnnxNode node, Facts facts) {
    boolean plain =
        facts.contents(node.input(0)).filter(List.of(Dim.of(0))::equals).isPresent()
            && facts.contents(node.input(2)).filter(List.of(Dim.ONE)::equals).isPresent();
    Optional<List<Dim>> limit = facts.contents(node.input(1));
    return plain && limit.isPresent()
        ? Optional.of(List.of(limit.get().getFirst()))
        : Optional.of(List.of(facts.fresh()));
  }
}
