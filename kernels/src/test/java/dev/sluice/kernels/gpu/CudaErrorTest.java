// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaErrorTest {
  /** Of cuda.h: those after which it says that the process must end, and others that look alike. */
  @ParameterizedTest
  @CsvSource({
    "2, false", // out of memory
    "214, true", // an uncorrectable bit
    "226, true", // contained
    "700, true", // illegal address
    "701, false", // too many registers asked for
    "702, true", // timeout
    "714, true", // hardware stack
    "715, true", // illegal instruction, as of __trap
    "716, true", // misaligned
    "717, true", // address space
    "718, true", // program counter
    "719, true", // launch failed
    "900, false", // not while a stream is captured
    "911, true", // external device
  })
  void lastsWhereTheDriverSaysThatNothingHelps(int code, boolean lasts) {
    assertThat(new CudaError(code).lasts()).isEqualTo(lasts);
  }
}
