// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import dev.sluice.models.gpucheck.GpuCheckOutcome;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The line that scripts read. */
final class ResultLine {
  private static final String ABSENT = "n/a";
  private static final List<String> NAMES =
      List.of(
          "kernels_ok",
          "fp16_ceiling_share_base_128",
          "int8_vs_fp16_base_128",
          "vs_pytorch_base_128",
          "grpc_texts_per_s_minilm");

  private ResultLine() {}

  static String of(GpuCheckOutcome.Checked checked, OptionalDouble textsPerSecond) {
    List<String> figures = figures(checked, textsPerSecond);
    return IntStream.range(0, NAMES.size())
        .mapToObj(i -> NAMES.get(i) + "=" + figures.get(i))
        .collect(Collectors.joining(" ", "RESULT ", ""));
  }

  /** The same, as a row of the table of results. */
  static String row(
      LocalDate date, GpuCheckOutcome.Checked checked, OptionalDouble textsPerSecond) {
    return Stream.concat(
            Stream.of(date.toString(), checked.card(), checked.driver()),
            figures(checked, textsPerSecond).stream())
        .map(cell -> cell.replace('|', '/'))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static List<String> figures(
      GpuCheckOutcome.Checked checked, OptionalDouble textsPerSecond) {
    return List.of(
        checked.kernelsThatAgree() + "/" + checked.kernels(),
        rounded(3, checked.ceilingShare()),
        rounded(2, checked.int8ToFp16()),
        rounded(2, checked.toRival()),
        rounded(0, textsPerSecond));
  }

  private static String rounded(int digits, OptionalDouble value) {
    return value.isPresent()
        ? String.format(Locale.ROOT, "%." + digits + "f", value.getAsDouble())
        : ABSENT;
  }
}
