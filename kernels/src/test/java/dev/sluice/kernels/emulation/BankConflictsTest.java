// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.emulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernels.check.KernelCheck;
import dev.sluice.kernels.emulation.EmulatedGpu.Architecture;
import dev.sluice.kernels.emulation.EmulatedGpu.Order;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How often kernels must ask shared memory for what one instruction of a warp wants. */
class BankConflictsTest {
  private static final int SEED = 1;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    EmulatedGpu.buildOrSkip();
  }

  /** As docs/kernels.md says; whoever changes an access pattern changes both. */
  @Test
  void areThoseOfTheTable() throws IOException {
    assertThat(waysByAccess())
        .containsEntry("strips.cuh copies 16 bytes", 1)
        .containsEntry("matrix_tile.cuh reads 16 bytes", 1)
        .containsEntry("finish.cuh writes 4 bytes", 1)
        .containsEntry("finish.cuh reads 16 bytes", 1)
        .containsEntry("attention.cu copies 16 bytes", 1)
        .containsEntry("attention.cu reads 16 bytes", 1)
        .containsEntry("row.cuh writes 4 bytes", 1)
        .containsEntry("pool.cu reads 4 bytes", 1)
        .containsEntry("pool.cu writes 4 bytes", 1)
        .containsEntry("row.cuh reads 16 bytes", 2)
        .containsEntry("row.cuh writes 16 bytes", 2)
        .containsEntry("topk.cu reads 8 bytes", 2)
        .containsEntry("topk.cu writes 8 bytes", 2)
        .allSatisfy((access, ways) -> assertThat(ways).as(access).isLessThanOrEqualTo(2));
  }

  /** By file, verb and bytes of one lane: the worst there is. */
  private static Map<String, Integer> waysByAccess() throws IOException {
    Map<String, Integer> ways = new TreeMap<>();
    try (EmulatedGpu gpu = new EmulatedGpu(Architecture.AMPERE_AND_LATER, Order.FORWARD)) {
      gpu.countBankConflicts();
      KernelCheck.all().forEach(check -> check.run(gpu, new SplittableRandom(SEED)));
      KernelCheck.hopper().forEach(check -> check.run(gpu, new SplittableRandom(SEED)));
      for (String line : gpu.bankConflicts()) {
        int colon = line.lastIndexOf(": ");
        String access = line.substring(0, colon).replaceFirst(":[0-9]+ ", " ");
        ways.merge(access, Integer.valueOf(line.substring(colon + 2)), Math::max);
      }
    }
    return ways;
  }
}
