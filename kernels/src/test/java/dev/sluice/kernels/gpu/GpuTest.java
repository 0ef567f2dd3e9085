// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The launcher, from JCuda's native library on, against a driver that is emulated. */
class GpuTest {
  @BeforeAll
  static void build() throws IOException, InterruptedException {
    EmulatedDriver.buildOrSkip();
  }

  @ParameterizedTest
  @EnumSource
  void behavesWell(Scenario scenario, @TempDir Path folder)
      throws IOException, InterruptedException {
    EmulatedDriver.Outcome outcome = EmulatedDriver.run(scenario, folder);

    assertThat(outcome.exitCode()).as(outcome.output() + outcome.complaints()).isZero();
    assertThat(outcome.complaints()).as("such as what was never given back").isEmpty();
  }
}
