// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.TensorProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;

/** What the operators with which exporters compute shapes make of known INT64 elements. */
final class ContentRules {
  /** The elements of the output, as far as all of them follow. */
  private interface Rule {
    Optional<List<Dim>> elements(OnnxNode node, Facts facts);
  }

  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    Rule same = (node, facts) -> facts.contents(node.input(0));
    for (String op : List.of("Identity", "Reshape", "Squeeze", "Unsqueeze")) {
      RULES.put(op, same);
    }
    RULES.put("Cast", (node, facts) -> toLong(node) ? facts.contents(node.input(0)) : none());
    RULES.put("Shape", ContentRules::shape);
    RULES.put("Gather", ContentRules::gather);
    RULES.put("Slice", ContentRules::slice);
    RULES.put("Concat", ContentRules::concat);
    RULES.put("ConstantOfShape", ContentRules::constantOfShape);
    RULES.put("Where", ContentRules::where);
    RULES.put("Add", arithmetic(ContentRules::sum));
    RULES.put(
        "Sub", arithmetic((a, b) -> b.is(0) ? Optional.of(a) : numbers(a, b, Math::subtractExact)));
    RULES.put("Mul", arithmetic(ContentRules::product));
    RULES.put("Div", arithmetic(ContentRules::quotient));
  }

  private ContentRules() {}

  /** After the node's shape has been inferred. */
  static void infer(OnnxNode node, Facts facts) {
    Rule rule = RULES.get(node.op());
    Optional<List<Dim>> shape = facts.shape(node.output(0));
    if (rule == null || shape.isEmpty() || shape.get().size() > 1) {
      return;
    }
    boolean scalar = shape.get().isEmpty();
    rule.elements(node, facts)
        .filter(all -> scalar ? all.size() == 1 : shape.get().getFirst().is(all.size()))
        .ifPresent(all -> facts.contents(node.output(0), all, scalar));
  }

  private static Optional<List<Dim>> none() {
    return Optional.empty();
  }

  private static boolean toLong(OnnxNode node) {
    return node.integer("to", 0) == TensorProto.DataType.INT64_VALUE;
  }

  private static Optional<List<Dim>> shape(OnnxNode node, Facts facts) {
    boolean whole = node.attribute("start").isEmpty() && node.attribute("end").isEmpty();
    return whole ? facts.shape(node.input(0)) : none();
  }

  private static Optional<List<Dim>> gather(OnnxNode node, Facts facts) {
    Optional<List<Dim>> data = facts.contents(node.input(0));
    Optional<long[]> indices = facts.integers(node.input(1));
    if (data.isEmpty() || indices.isEmpty()) {
      return none();
    }
    List<Dim> picked = new ArrayList<>();
    for (long index : indices.get()) {
      int place = ShapeRules.place(index, data.get().size());
      if (place < 0) {
        return none();
      }
      picked.add(data.get().get(place));
    }
    return Optional.of(picked);
  }

  private static Optional<List<Dim>> slice(OnnxNode node, Facts facts) {
    Optional<List<Dim>> data = facts.contents(node.input(0));
    Optional<long[]> start = facts.integers(node.input(1)).filter(all -> all.length == 1);
    Optional<long[]> end = facts.integers(node.input(2)).filter(all -> all.length == 1);
    boolean plain =
        node.input(4).isEmpty()
            || facts.contents(node.input(4)).filter(List.of(Dim.ONE)::equals).isPresent();
    if (data.isEmpty() || start.isEmpty() || end.isEmpty() || !plain) {
      return none();
    }
    int from = (int) Slices.bounded(start.get()[0], data.get().size());
    int to = (int) Slices.bounded(end.get()[0], data.get().size());
    return Optional.of(data.get().subList(from, Math.max(from, to)));
  }

  private static Optional<List<Dim>> concat(OnnxNode node, Facts facts) {
    List<Dim> all = new ArrayList<>();
    for (String part : node.inputs()) {
      Optional<List<Dim>> elements = facts.contents(part);
      if (elements.isEmpty() || all.size() + elements.get().size() > Facts.MAX_CONTENTS) {
        return none();
      }
      all.addAll(elements.get());
    }
    return Optional.of(all);
  }

  private static Optional<List<Dim>> constantOfShape(OnnxNode node, Facts facts) {
    Optional<long[]> count = facts.integers(node.input(0)).filter(all -> all.length == 1);
    Optional<Tensor> value =
        node.tensor("value").filter(t -> t.type() == DType.INT64 && t.elements() == 1);
    if (count.isEmpty() || value.isEmpty()) {
      return none();
    }
    long copies = count.get()[0];
    return copies < 0 || copies > Facts.MAX_CONTENTS
        ? none()
        : Optional.of(
            Collections.nCopies((int) copies, Dim.of(TensorValues.longs(value.get())[0])));
  }

  /** Only {@code where(a == b, c, d)}, the way exporters fill in the sizes of Expand. */
  private static Optional<List<Dim>> where(OnnxNode node, Facts facts) {
    Optional<OnnxNode> test = facts.producer(node.input(0)).filter(n -> n.is("Equal"));
    if (test.isEmpty()) {
      return none();
    }
    List<String> all =
        List.of(test.get().input(0), test.get().input(1), node.input(1), node.input(2));
    return byElement(
        all, facts, dims -> equal(dims.get(0), dims.get(1)).map(yes -> dims.get(yes ? 2 : 3)));
  }

  /** Empty when it depends on the run. */
  private static Optional<Boolean> equal(Dim a, Dim b) {
    if (a.equals(b)) {
      return Optional.of(true);
    }
    boolean apart =
        a instanceof Dim.Known m && (b instanceof Dim.Known || m.value() < 0)
            || b instanceof Dim.Known n && n.value() < 0;
    return apart ? Optional.of(false) : Optional.empty();
  }

  private interface Arithmetic {
    /** Empty where it does not follow. */
    Optional<Dim> of(Dim a, Dim b);
  }

  private static Rule arithmetic(Arithmetic operation) {
    return (node, facts) ->
        byElement(node.inputs(), facts, dims -> operation.of(dims.get(0), dims.get(1)));
  }

  private static Optional<Dim> sum(Dim a, Dim b) {
    if (a.is(0) || b.is(0)) {
      return Optional.of(a.is(0) ? b : a);
    }
    return numbers(a, b, Math::addExact);
  }

  private static Optional<Dim> product(Dim a, Dim b) {
    if (a.is(1) || b.is(1)) {
      return Optional.of(a.is(1) ? b : a);
    }
    return numbers(a, b, Math::multiplyExact);
  }

  /** Of numbers that are not negative: for others, rounding is a matter of opinion. */
  private static Optional<Dim> quotient(Dim a, Dim b) {
    if (b.is(1)) {
      return Optional.of(a);
    }
    boolean sound =
        a instanceof Dim.Known n && b instanceof Dim.Known d && n.value() >= 0 && d.value() > 0;
    return sound ? numbers(a, b, (n, d) -> n / d) : Optional.empty();
  }

  private static Optional<Dim> numbers(Dim a, Dim b, LongBinaryOperator operation) {
    if (!(a instanceof Dim.Known m) || !(b instanceof Dim.Known n)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Dim.of(operation.applyAsLong(m.value(), n.value())));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Element by element, where single ones are stretched over the others. */
  private static Optional<List<Dim>> byElement(
      List<String> values, Facts facts, Function<List<Dim>, Optional<Dim>> operation) {
    List<List<Dim>> columns = new ArrayList<>();
    for (String value : values) {
      Optional<List<Dim>> elements = facts.contents(value);
      if (elements.isEmpty() || elements.get().isEmpty()) {
        return none();
      }
      columns.add(elements.get());
    }
    int count = columns.stream().mapToInt(List::size).max().orElse(0);
    if (columns.stream().anyMatch(column -> column.size() != 1 && column.size() != count)) {
      return none();
    }
    List<Dim> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int place = i;
      List<Dim> row = columns.stream().map(c -> c.get(c.size() == 1 ? 0 : place)).toList();
      Optional<Dim> result = operation.apply(row);
      if (result.isEmpty()) {
        return none();
      }
      all.add(result.get());
    }
    return Optional.of(all);
  }
}
