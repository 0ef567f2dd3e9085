// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.emulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.kernels.KernelNames;
import dev.sluice.kernels.check.KernelCheck;
import dev.sluice.kernels.emulation.EmulatedGpu.Architecture;
import dev.sluice.kernels.emulation.EmulatedGpu.Order;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel against its reference, as each architecture and in two orders of its threads. */
class EmulatedKernelsTest {
  /** Worlds of each combination; more find more and take longer. */
  private static final int SEEDS = Integer.getInteger("sluice.emulation.seeds", 2);

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    EmulatedGpu.buildOrSkip();
  }

  static Stream<Arguments> combinations() {
    return Stream.of(Architecture.values())
        .flatMap(
            architecture ->
                Stream.of(Order.values()).map(order -> Arguments.of(architecture, order)));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void agreeWithTheirReferences(Architecture architecture, Order order) throws IOException {
    Set<String> launched = new TreeSet<>();
    try (EmulatedGpu gpu = new EmulatedGpu(architecture, order)) {
      for (KernelCheck check : checks(architecture)) {
        for (int seed = 0; seed < SEEDS; seed++) {
          SplittableRandom random = new SplittableRandom(seed);
          assertThatCode(() -> check.run(gpu, random))
              .as("%s, seed %d", check.name(), seed)
              .doesNotThrowAnyException();
        }
      }
      launched.addAll(gpu.launched());
    }
    assertThat(launched).containsExactlyInAnyOrderElementsOf(names(architecture));
  }

  private static List<KernelCheck> checks(Architecture architecture) {
    List<KernelCheck> checks = new ArrayList<>(KernelCheck.all());
    if (architecture == Architecture.AMPERE_AND_LATER) {
      checks.addAll(KernelCheck.hopper());
    }
    return checks;
  }

  private static List<String> names(Architecture architecture) throws IOException {
    return KernelNames.read().stream()
        .filter(name -> architecture == Architecture.AMPERE_AND_LATER || !name.contains("_wg"))
        .toList();
  }
}
