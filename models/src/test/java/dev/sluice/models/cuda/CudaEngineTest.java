// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.testing.EmulatedCard;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine through DJL and through Sluice, on an emulated card. */
class CudaEngineTest {
  @BeforeAll
  static void build() throws Exception {
    EmulatedCard.buildOrSkip();
  }

  @ParameterizedTest
  @EnumSource
  void behavesWell(CudaScenario scenario, @TempDir Path folder) throws Exception {
    EmulatedCard.Outcome outcome =
        EmulatedCard.run(CudaScenario.class, scenario.faults(), folder, scenario.name());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).as("what was never given back").doesNotContain("emulated driver:");
  }

  /** Real weights in seconds to minutes: {@code -Dsluice.emulation.minilm=true}. */
  @Test
  @EnabledIfSystemProperty(named = "sluice.emulation.minilm", matches = "true")
  void theEmbeddedModelAgreesWithTheCpu(@TempDir Path folder) throws Exception {
    EmulatedCard.Outcome outcome =
        EmulatedCard.run(MiniLmOnCard.class, "capability=80 memory=1000000000", folder);
    System.out.println(outcome.output());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }
}
