// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.time.Duration;

/** From which wait on a queue that stands is an overload, for models that do not say. */
public sealed interface TargetWait {
  TargetWait BY_OBJECTIVES = new ByObjectives();
  TargetWait NEVER = new Never();

  /** As the objectives on latency of each model have it; never for a model without one. */
  record ByObjectives() implements TargetWait {}

  /** Whatever the objectives. */
  record Never() implements TargetWait {}

  record Fixed(Duration time) implements TargetWait {}
}
