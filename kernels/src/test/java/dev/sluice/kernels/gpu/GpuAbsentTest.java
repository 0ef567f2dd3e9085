// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
import org.junit.jupiter.api.Test;

class GpuAbsentTest {
  @Test
  void openingSaysWhatTheProbeSays() {
    CudaProbe probe = CudaDevices.probe();
    assumeThat(probe).as("this machine has a card").isInstanceOf(CudaProbe.Absent.class);

    assertThat(Gpu.open(0, 1 << 20))
        .isEqualTo(new GpuOpening.Absent(((CudaProbe.Absent) probe).reason()));
  }
}
