// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import dev.sluice.models.gpucheck.GpuCheckOutcome;
import java.util.Locale;
import java.util.OptionalDouble;

/** The line that scripts read. */
final class ResultLine {
  private static final String ABSENT = "n/a";

  private ResultLine() {}

  static String of(GpuCheckOutcome.Checked checked, OptionalDouble textsPerSecond) {
    return "RESULT kernels_ok=%d/%d fp16_ceiling_share_base_128=%s int8_vs_fp16_base_128=%s"
            .formatted(
                checked.kernelsThatAgree(),
                checked.kernels(),
                rounded(3, checked.ceilingShare()),
                rounded(2, checked.int8ToFp16()))
        + " vs_pytorch_base_128=%s grpc_texts_per_s_minilm=%s"
            .formatted(ABSENT, rounded(0, textsPerSecond));
  }

  private static String rounded(int digits, OptionalDouble value) {
    return value.isPresent()
        ? String.format(Locale.ROOT, "%." + digits + "f", value.getAsDouble())
        : ABSENT;
  }
}
