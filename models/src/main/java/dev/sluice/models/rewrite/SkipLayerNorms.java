// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.rewrite.Pattern.add;
import static dev.sluice.models.rewrite.Pattern.value;
import static dev.sluice.models.rewrite.Pattern.vector;

import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sum of two tensors in front of a normalisation goes into it, and a bias with it. */
final class SkipLayerNorms implements Rewrite {
  /** What the operator takes a missing one for. */
  private static final float EPSILON_OF_LAYER_NORM = 1e-5f;

  private static final Pattern BIASED = add(value("x"), vector("bias"));

  @Override
  public String name() {
    return "SkipLayerNormalization";
  }

  @Override
  public void apply(Work work) {
    for (OnnxNode node : work.graph().nodes()) {
      if (node.is("LayerNormalization")) {
        Optional<OnnxNode> sum = work.graph().producer(node.input(0)).filter(n -> n.is("Add"));
        String why = sum.isEmpty() ? "" : fuse(node, sum.get(), work);
        if (!why.isEmpty()) {
          work.report().left("the sum before the normalisation at " + node.output(0) + why);
        }
      }
    }
  }

  /** What keeps it from being done; empty when it is done. */
  private String fuse(OnnxNode norm, OnnxNode sum, Work work) {
    Facts facts = work.facts();
    String x = sum.input(0);
    String skip = sum.input(1);
    if (!fits(x, skip, facts)) {
      x = sum.input(1);
      skip = sum.input(0);
    }
    if (!fits(x, skip, facts)) {
      return " may stretch one summand over the other";
    }
    boolean plain =
        facts.isVector(norm.input(1))
            && (norm.input(2).isEmpty() || facts.isVector(norm.input(2)))
            && facts.sameWidth(x, norm.input(1))
            && (norm.integer("axis", -1) == -1
                || norm.integer("axis", -1) == facts.shape(x).orElseThrow().size() - 1)
            && norm.output(1).isEmpty();
    if (!plain) {
      return " is followed by one over more than the last axis, or with other results";
    }
    List<String> inputs = new ArrayList<>(List.of(x, skip, norm.input(1), norm.input(2)));
    takeBias(inputs, work);
    boolean sumIsRead = !work.graph().readOnce(sum.output(0));
    List<OnnxNode> old = sumIsRead ? List.of(norm, sum) : List.of(norm);
    List<String> outputs =
        sumIsRead ? List.of(norm.output(0), "", "", sum.output(0)) : List.of(norm.output(0));
    work.graph()
        .replace(
            old,
            OnnxNode.microsoft(
                "SkipLayerNormalization",
                inputs,
                outputs,
                Attributes.real("epsilon", norm.real("epsilon", EPSILON_OF_LAYER_NORM))));
    work.report().count(this);
    return "";
  }

  /** The operator takes [B, S, H] and, to be added, the same or [1, S, H]. */
  private static boolean fits(String x, String skip, Facts facts) {
    Optional<List<Dim>> shape = facts.shape(x).filter(dims -> dims.size() == 3);
    Optional<List<Dim>> other = facts.shape(skip).filter(dims -> dims.size() == 3);
    if (shape.isEmpty() || other.isEmpty()) {
      return false;
    }
    Dim batch = other.get().getFirst();
    return (batch.is(1) || batch.equals(shape.get().getFirst()))
        && Dim.same(other.get().get(1), shape.get().get(1))
        && Dim.same(other.get().get(2), shape.get().get(2));
  }

  /** A bias that was added to one of the two before. */
  private static void takeBias(List<String> inputs, Work work) {
    for (int place = 0; place < 2; place++) {
      String biased = inputs.get(place);
      Optional<Matcher.Match> match = new Matcher(work.facts()).match(BIASED, biased);
      boolean fits =
          match.isPresent()
              && work.graph().readOnce(biased)
              && work.facts().sameShape(match.get().value("x"), biased)
              && work.facts().sameWidth(biased, match.get().value("bias"));
      if (fits) {
        inputs.set(place, match.get().value("x"));
        inputs.add(match.get().value("bias"));
        return;
      }
    }
  }
}
