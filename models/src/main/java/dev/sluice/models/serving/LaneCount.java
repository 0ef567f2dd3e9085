// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.spec.ModelSpec;
import dev.sluice.proto.inference.ModelInstanceGroup;

/** How many lanes a model gets. */
final class LaneCount {
  private LaneCount() {}

  /** What the operator said, else the instance groups, else every core, or one on a card. */
  static int of(ModelSpec spec, String device, int availableCores) {
    int instances = 0;
    for (ModelInstanceGroup group : spec.config().getInstanceGroupList()) {
      instances += Math.max(1, group.getCount());
    }
    int fallback = device.equals("cpu") ? availableCores : 1;
    return Math.max(1, spec.settings().lanes().orElse(instances > 0 ? instances : fallback));
  }
}
