// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.rewrite.Pattern.add;
import static dev.sluice.models.rewrite.Pattern.either;
import static dev.sluice.models.rewrite.Pattern.mul;
import static dev.sluice.models.rewrite.Pattern.named;
import static dev.sluice.models.rewrite.Pattern.number;
import static dev.sluice.models.rewrite.Pattern.op;
import static dev.sluice.models.rewrite.Pattern.value;
import static dev.sluice.models.rewrite.Pattern.vector;

import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.rewrite.Matcher.Match;
import java.util.List;
import java.util.Optional;

/** The nine nodes of a normalisation over the last axis become one. */
final class LayerNorms implements Rewrite {
  private static final Pattern CENTRED = named("centred", op("Sub", value("x"), mean(value("x"))));
  private static final Pattern SQUARED =
      either(op("Pow", value("centred"), number(2)), op("Mul", value("centred"), value("centred")));
  private static final Pattern DEVIATION = op("Sqrt", add(mean(SQUARED), value("epsilon")));
  private static final Pattern WHOLE =
      add(
          mul(
              either(op("Div", CENTRED, DEVIATION), mul(CENTRED, op("Reciprocal", DEVIATION))),
              vector("gamma")),
          vector("beta"));

  private static Pattern mean(Pattern of) {
    return op("ReduceMean", of).where(LayerNorms::alongTheLastAxis);
  }

  private static boolean alongTheLastAxis(OnnxNode node, Facts facts) {
    Optional<long[]> axes = facts.axes(node, 1);
    if (node.integer("keepdims", 1) != 1 || axes.isEmpty() || axes.get().length != 1) {
      return false;
    }
    long axis = axes.get()[0];
    return axis == -1
        || facts.shape(node.input(0)).filter(dims -> axis == dims.size() - 1).isPresent();
  }

  @Override
  public String name() {
    return "LayerNormalization";
  }

  @Override
  public void apply(Work work) {
    Matcher matcher = new Matcher(work.facts());
    for (OnnxNode node : work.graph().nodes()) {
      if (node.is("Add")) {
        matcher.match(WHOLE, node.output(0)).ifPresent(match -> fuse(node, match, work));
      }
    }
    work.graph().removeDead();
    for (OnnxNode node : work.graph().nodes()) {
      if (node.is("Sqrt") && matcher.match(DEVIATION_ALONE, node.output(0)).isPresent()) {
        work.report().left("the normalisation at " + node.output(0) + " has no form that is known");
      }
    }
  }

  private static final Pattern DEVIATION_ALONE =
      op("Sqrt", add(op("ReduceMean", value("squares")), value("epsilon")));

  private void fuse(OnnxNode root, Match match, Work work) {
    Optional<float[]> epsilon = work.facts().floats(match.value("epsilon"), 1);
    boolean plain =
        work.facts().sameWidth(match.value("x"), match.value("gamma"), match.value("beta"));
    if (!plain || epsilon.isEmpty() || epsilon.get().length != 1) {
      return;
    }
    work.graph()
        .replace(
            List.of(root),
            OnnxNode.standard(
                "LayerNormalization",
                List.of(match.value("x"), match.value("gamma"), match.value("beta")),
                root.outputs(),
                Attributes.integer("axis", -1),
                Attributes.real("epsilon", epsilon.get()[0])));
    work.report().count(this);
  }
}
