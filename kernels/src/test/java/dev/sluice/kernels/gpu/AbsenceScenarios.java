// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** Cards that cannot be used. */
final class AbsenceScenarios {
  private AbsenceScenarios() {}

  static void noCard() {
    Emulated.assertAbsent(0, "the NVIDIA driver finds no card");
  }

  static void noSuchCard() {
    Emulated.assertAbsent(2, "no card 2: the NVIDIA driver shows 2");
    Emulated.assertAbsent(-1, "no card -1: the NVIDIA driver shows 2");
  }

  static void tooOldACard() {
    Emulated.assertAbsent(
        0, "Emulated card is of compute capability 7.0, the kernels need 7.5 or later");
  }

  static void kernelsThatDoNotLoad() {
    Emulated.assertAbsent(
        0,
        "Emulated card cannot be used: loading the kernels, which want a driver of the 580 series"
            + " or newer: CUDA_ERROR_NO_BINARY_FOR_GPU");
  }
}
