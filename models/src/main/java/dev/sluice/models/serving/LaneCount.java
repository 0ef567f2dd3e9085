// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.spec.ModelSpec;

/** How many lanes a model gets. */
final class LaneCount {
  private LaneCount() {}

  /** What was asked for, else every core, or one on a card; a packed graph has its own. */
  static int of(ModelSpec spec, Graph graph, int availableCores) {
    return graph
        .packed()
        .map(Packed::lanes)
        .orElseGet(() -> spec.lanes(graph.device().equals("cpu") ? availableCores : 1));
  }
}
