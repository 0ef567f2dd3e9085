// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.DeviceSelection.Gpus;
import dev.sluice.models.spec.DeviceChoice;
import org.junit.jupiter.api.Test;

class DeviceSelectionTest {
  private static final Gpus NONE = new Gpus.Unusable("no NVIDIA driver");

  @Test
  void autoTakesTheFirstCardThatTheEngineCanUse() throws EngineException {
    assertThat(DeviceSelection.choose(DeviceChoice.AUTO, new Gpus.Usable(2))).hasValue(0);
  }

  @Test
  void autoTakesTheCpuWhereThereIsNoCard() throws EngineException {
    assertThat(DeviceSelection.choose(DeviceChoice.AUTO, NONE)).isEmpty();
    assertThat(DeviceSelection.choose(DeviceChoice.AUTO, new Gpus.Usable(0))).isEmpty();
  }

  @Test
  void theCpuIsTakenWhereItIsAskedFor() throws EngineException {
    assertThat(DeviceSelection.choose(DeviceChoice.CPU, new Gpus.Usable(2))).isEmpty();
  }

  @Test
  void aDemandedCardIsTakenOrNothing() throws EngineException {
    assertThat(DeviceSelection.choose(new DeviceChoice.Gpu(1), new Gpus.Usable(2))).hasValue(1);

    assertThatThrownBy(() -> DeviceSelection.choose(new DeviceChoice.Gpu(2), new Gpus.Usable(2)))
        .isInstanceOf(EngineException.class)
        .hasMessage("the device gpu:2 cannot be had: there are 2 cards, counted from 0");
    assertThatThrownBy(() -> DeviceSelection.choose(new DeviceChoice.Gpu(0), NONE))
        .isInstanceOf(EngineException.class)
        .hasMessage("the device gpu:0 cannot be had: no NVIDIA driver");
  }
}
