// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import java.util.OptionalInt;

/** What the operator chose for every model, applied to those that do not choose for themselves. */
public record SpecDefaults(DeviceChoice device, OptionalInt lanes, CardMemory cardMemory) {
  ModelSpec apply(ModelSpec spec) {
    ModelSettings own = spec.settings();
    boolean anyDevice = own.device() instanceof DeviceChoice.Auto;
    boolean anyLanes = own.lanes().isEmpty() && spec.config().getInstanceGroupCount() == 0;
    return spec.withSettings(
        own.on(anyDevice ? device : own.device(), anyLanes ? lanes : own.lanes())
            .withCardMemory(cardMemory));
  }
}
