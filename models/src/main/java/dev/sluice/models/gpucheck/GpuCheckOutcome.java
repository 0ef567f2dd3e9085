// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import java.util.OptionalDouble;

/** What came of checking a card. */
public sealed interface GpuCheckOutcome {
  /** There is none that can be used, and why, in words for the operator. */
  record Absent(String reason) implements GpuCheckOutcome {}

  /**
   * A card was checked.
   *
   * @param card its name
   * @param driver its version as far as it is told, and the newest CUDA that it runs
   * @param agrees whether everything that was run is right
   * @param kernelsThatAgree of {@code kernels}
   * @param ceilingShare of the matrix units' ceiling, by BERT-base in FP16 at 128 tokens; empty
   *     where that was not measured
   * @param int8ToFp16 how many times as fast INT8 is there; empty as above
   * @param toRival how many times as fast Sluice is there as the rival; empty where there is none
   */
  record Checked(
      String card,
      String driver,
      boolean agrees,
      int kernelsThatAgree,
      int kernels,
      OptionalDouble ceilingShare,
      OptionalDouble int8ToFp16,
      OptionalDouble toRival)
      implements GpuCheckOutcome {}
}
