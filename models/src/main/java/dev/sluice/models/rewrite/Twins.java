// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Of several nodes that compute the same from the same, one stays. */
final class Twins implements Rewrite {
  /** Same inputs, other results. */
  private static final Set<String> BY_CHANCE =
      Set.of(
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Multinomial",
          "Bernoulli",
          "Dropout");

  /** All that the results depend on. */
  private record Key(String op, List<String> inputs, Set<?> attributes) {}

  @Override
  public String name() {
    return "repeated nodes";
  }

  @Override
  public void apply(Work work) {
    Map<Key, OnnxNode> first = new HashMap<>();
    for (OnnxNode node : work.graph().nodes()) {
      boolean comparable =
          node.domain().isEmpty()
              && node.outputs().size() == 1
              && !node.hasSubgraphs()
              && !BY_CHANCE.contains(node.op());
      if (!comparable) {
        continue;
      }
      Key key = new Key(node.op(), List.copyOf(node.inputs()), Set.copyOf(node.attributes()));
      OnnxNode twin = first.putIfAbsent(key, node);
      if (twin != null
          && !work.graph().isOutput(node.output(0))
          && work.graph().replaceUses(node.output(0), twin.output(0))) {
        work.report().count(this);
      }
    }
  }
}
