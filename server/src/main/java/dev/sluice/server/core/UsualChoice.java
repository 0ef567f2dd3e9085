// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.spec.VariantSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses for requests that name no variant, by the policy of their model. What the policy wants is
 * served once it is made and while a lane of it works; until then the model's own precision is.
 *
 * @param derived by name; not changed any more
 * @param brownout null where the policy is another, or has no budget to go by
 */
record UsualChoice(
    VariantSettings settings,
    Deployment own,
    Map<String, DerivedSlot> derived,
    @Nullable BrownoutSwitch brownout) {

  Deployment choose() {
    return switch (settings.policy()) {
      case FIXED -> orOwn(settings.preferred());
      case FASTEST -> fastest();
      case BROWNOUT -> brownout != null && brownout.reduced() ? orOwn(VariantSettings.INT8) : own;
    };
  }

  /** What is to be made without being asked for. */
  Set<String> wanted() {
    return switch (settings.policy()) {
      case FIXED -> Set.of(settings.preferred());
      case FASTEST -> new TreeSet<>(derived.keySet());
      case BROWNOUT -> Set.of(VariantSettings.INT8);
    };
  }

  private Deployment orOwn(String variant) {
    DerivedSlot slot = derived.get(variant);
    Deployment made = slot == null ? null : working(slot);
    return made == null ? own : made;
  }

  private Deployment fastest() {
    Deployment best = own;
    double most = 1;
    for (DerivedSlot slot : derived.values()) {
      double speed = slot.status().speedWithin(settings.budget());
      Deployment made = working(slot);
      if (made != null && speed > most) {
        best = made;
        most = speed;
      }
    }
    return best;
  }

  /** Null unless it is made, and a lane of it takes batches. */
  private static @Nullable Deployment working(DerivedSlot slot) {
    Deployment made = slot.deployment();
    return made != null && made.lost().isEmpty() && made.batcher().fitLanes() > 0 ? made : null;
  }
}
