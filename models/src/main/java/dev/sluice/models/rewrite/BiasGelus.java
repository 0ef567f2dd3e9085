// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.rewrite.Pattern.add;
import static dev.sluice.models.rewrite.Pattern.op;
import static dev.sluice.models.rewrite.Pattern.value;
import static dev.sluice.models.rewrite.Pattern.vector;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.rewrite.Matcher.Match;
import java.util.List;

/** The addition of a bias in front of a Gelu goes into it. */
final class BiasGelus implements Rewrite {
  private static final Pattern WHOLE =
      op("Gelu", add(value("x"), vector("bias")))
          .where((gelu, facts) -> gelu.string("approximate", "none").equals("none"));

  @Override
  public String name() {
    return "BiasGelu";
  }

  @Override
  public void apply(Work work) {
    Matcher matcher = new Matcher(work.facts());
    for (OnnxNode node : work.graph().nodes()) {
      if (node.op().equals("Gelu") && work.graph().readOnce(node.input(0))) {
        matcher.match(WHOLE, node.output(0)).ifPresent(match -> fuse(node, match, work));
      }
    }
  }

  private void fuse(OnnxNode gelu, Match match, Work work) {
    List<String> inputs = List.of(match.value("x"), match.value("bias"));
    if (work.facts().sameWidth(inputs.get(0), inputs.get(1))) {
      work.graph().replace(List.of(gelu), OnnxNode.microsoft("BiasGelu", inputs, gelu.outputs()));
      work.report().count(this);
    }
  }
}
