// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

/** Opens the emulated card. */
final class Emulated {
  static final long BUDGET = 64 << 20;

  private Emulated() {}

  static Gpu open() {
    return switch (Gpu.open(0, BUDGET)) {
      case GpuOpening.Opened opened -> opened.gpu();
      case GpuOpening.Absent absent -> throw new AssertionError(absent.reason());
    };
  }

  static void assertAbsent(int index, String reason) {
    assertThat(Gpu.open(index, BUDGET)).isEqualTo(new GpuOpening.Absent(reason));
  }
}
