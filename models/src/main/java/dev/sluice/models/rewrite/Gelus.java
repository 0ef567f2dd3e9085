// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.rewrite.Pattern.add;
import static dev.sluice.models.rewrite.Pattern.either;
import static dev.sluice.models.rewrite.Pattern.mul;
import static dev.sluice.models.rewrite.Pattern.number;
import static dev.sluice.models.rewrite.Pattern.op;
import static dev.sluice.models.rewrite.Pattern.value;

import dev.sluice.models.onnx.OnnxNode;
import java.util.List;

/** The exact Gaussian error linear unit, {@code x (1 + erf(x / sqrt 2)) / 2}, becomes one node. */
final class Gelus implements Rewrite {
  private static final Pattern X = value("x");
  private static final Pattern SCALED =
      either(op("Div", X, number(Math.sqrt(2))), mul(X, number(Math.sqrt(0.5))));
  private static final Pattern TWICE_PHI = add(op("Erf", SCALED), number(1));
  private static final Pattern WHOLE =
      either(
          mul(mul(X, TWICE_PHI), number(0.5)),
          mul(X, mul(TWICE_PHI, number(0.5))),
          mul(mul(X, number(0.5)), TWICE_PHI));

  @Override
  public String name() {
    return "Gelu";
  }

  @Override
  public void apply(Work work) {
    Matcher matcher = new Matcher(work.facts());
    for (OnnxNode node : work.graph().nodes()) {
      if (node.is("Mul")) {
        matcher
            .match(WHOLE, node.output(0))
            .ifPresent(
                match -> {
                  List<String> x = List.of(match.value("x"));
                  work.graph()
                      .replace(List.of(node), OnnxNode.microsoft("Gelu", x, node.outputs()));
                  work.report().count(this);
                });
      }
    }
    work.graph().removeDead();
    for (OnnxNode node : work.graph().nodes()) {
      if (node.is("Erf")) {
        work.report().left("the activation at " + node.output(0) + " has no form that is known");
      }
    }
  }
}
