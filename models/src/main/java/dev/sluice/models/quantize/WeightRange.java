// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How much of INT8 the weights may use on a processor.
 *
 * <p>x86 processors without VNNI add two products of a UINT8 and an INT8 into 16 bits, which
 * overflow without notice: 2 * 255 * 127 is more than 32,767. With weights of up to 64 they cannot.
 */
public enum WeightRange {
  FULL(127),
  SEVEN_BITS(64);

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Set<String> WIDE_SUMS = Set.of("avx512_vnni", "avx_vnni", "amx_int8");
  private static final Set<String> X86 = Set.of("amd64", "x86_64", "x86", "i386");

  private final int most;

  WeightRange(int most) {
    this.most = most;
  }

  /** The largest magnitude of a quantized weight. */
  int most() {
    return most;
  }

  /** What is safe here; a model that was made elsewhere may not be. */
  public static WeightRange ofThisMachine() {
    if (!X86.contains(System.getProperty("os.arch", "").toLowerCase(Locale.ROOT))) {
      return FULL;
    }
    try {
      return ofCpuInfo(Files.readAllLines(CPU_INFO));
    } catch (IOException e) {
      // Not Linux: nobody knows, and seven bits are right everywhere.
      return SEVEN_BITS;
    }
  }

  /** What is safe on an x86 processor that describes itself like this. */
  static WeightRange ofCpuInfo(List<String> lines) {
    boolean wide =
        lines.stream()
            .filter(line -> line.startsWith("flags"))
            .flatMap(line -> Arrays.stream(line.split("\\s+")))
            .anyMatch(WIDE_SUMS::contains);
    return wide ? FULL : SEVEN_BITS;
  }
}
