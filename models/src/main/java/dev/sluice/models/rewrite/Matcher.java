// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for patterns in a graph. The graph must not change in between. */
final class Matcher {
  private final Facts facts;

  Matcher(Facts facts) {
    this.facts = facts;
  }

  /** The values that the names of the pattern stand for. */
  record Match(Map<String, String> values) {
    String value(String name) {
      String value = values.get(name);
      if (value == null) {
        throw new IllegalArgumentException("the pattern has no " + name);
      }
      return value;
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    private Optional<Match> with(String name, String value) {
      String before = values.get(name);
      if (before != null) {
        return before.equals(value) ? Optional.of(this) : Optional.empty();
      }
      Map<String, String> more = new HashMap<>(values);
      more.put(name, value);
      return Optional.of(new Match(more));
    }
  }

  Optional<Match> match(Pattern pattern, String value) {
    return match(pattern, value, new Match(Map.of()));
  }

  private Optional<Match> match(Pattern pattern, String value, Match sofar) {
    return switch (pattern) {
      case Pattern.Value any -> value.isEmpty() ? Optional.empty() : sofar.with(any.name(), value);
      case Pattern.Vector vector ->
          facts.isVector(value) ? sofar.with(vector.name(), value) : Optional.empty();
      case Pattern.Scalar number ->
          isNear(number.number(), value) ? Optional.of(sofar) : Optional.empty();
      case Pattern.Named named ->
          match(named.pattern(), value, sofar).flatMap(m -> m.with(named.name(), value));
      case Pattern.Either either ->
          either.forms().stream().flatMap(form -> match(form, value, sofar).stream()).findFirst();
      case Pattern.Node node ->
          facts.producer(value).flatMap(maker -> match(node, maker, value, sofar));
    };
  }

  private boolean isNear(double number, String value) {
    Optional<float[]> all = facts.floats(value, 1).filter(elements -> elements.length == 1);
    return all.isPresent() && Math.abs(all.get()[0] - number) <= rounding(value) * Math.abs(number);
  }

  /** What a number may differ, relative to itself, for being written down in its type. */
  private double rounding(String value) {
    return switch (facts.constant(value).map(Tensor::type).orElse(DType.FP32)) {
      case FP16 -> 5e-4;
      case BF16 -> 4e-3;
      default -> 1e-5;
    };
  }

  private Optional<Match> match(Pattern.Node pattern, OnnxNode node, String value, Match sofar) {
    boolean same =
        pattern.ops().contains(node.op())
            && (node.domain().isEmpty() || node.domain().equals(OnnxNode.MICROSOFT))
            && node.output(0).equals(value)
            && pattern.where().test(node, facts);
    if (!same) {
      return Optional.empty();
    }
    Optional<Match> straight = inputs(pattern.inputs(), node, sofar);
    return straight.isPresent() || !pattern.commutes()
        ? straight
        : inputs(pattern.inputs().reversed(), node, sofar);
  }

  /** Names are bound in the order of the pattern, whichever way round the inputs are. */
  private Optional<Match> inputs(List<Pattern> patterns, OnnxNode node, Match sofar) {
    Optional<Match> match = Optional.of(sofar);
    for (int place = 0; place < patterns.size() && match.isPresent(); place++) {
      match = match(patterns.get(place), node.input(place), match.get());
    }
    return match;
  }
}
