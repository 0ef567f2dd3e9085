// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/** How a value must have come about. Data: {@link Matcher} does the looking. */
sealed interface Pattern {
  /** Any value; the same one wherever the name appears. */
  record Value(String name) implements Pattern {}

  /** Any float constant of one axis, as weights of a normalisation and biases are. */
  record Vector(String name) implements Pattern {}

  /** A float constant of one element that is near this number. */
  record Scalar(double number) implements Pattern {}

  /** The first of several that fits. */
  record Either(List<Pattern> forms) implements Pattern {}

  /** What fits the pattern, under a name by which the same value can be asked for again. */
  record Named(String name, Pattern pattern) implements Pattern {}

  /**
   * The first output of a node of the standard operators or ONNX Runtime's own.
   *
   * @param inputs as many as matter, in order; a node may have more
   * @param commutes whether two inputs may be the other way round
   * @param where what else must hold of it
   */
  record Node(
      Set<String> ops, List<Pattern> inputs, boolean commutes, BiPredicate<OnnxNode, Facts> where)
      implements Pattern {

    /** The same, if something else holds as well. */
    Node where(BiPredicate<OnnxNode, Facts> more) {
      return new Node(ops, inputs, commutes, where.and(more));
    }
  }

  static Pattern value(String name) {
    return new Value(name);
  }

  static Pattern vector(String name) {
    return new Vector(name);
  }

  static Pattern number(double number) {
    return new Scalar(number);
  }

  static Pattern either(Pattern... forms) {
    return new Either(List.of(forms));
  }

  static Pattern named(String name, Pattern pattern) {
    return new Named(name, pattern);
  }

  static Node op(String op, Pattern... inputs) {
    return new Node(Set.of(op), List.of(inputs), false, (node, facts) -> true);
  }

  static Node add(Pattern a, Pattern b) {
    return new Node(Set.of("Add"), List.of(a, b), true, (node, facts) -> true);
  }

  static Node mul(Pattern a, Pattern b) {
    return new Node(Set.of("Mul"), List.of(a, b), true, (node, facts) -> true);
  }
}
