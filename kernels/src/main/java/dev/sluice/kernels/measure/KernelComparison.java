// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.check.DisagreementException;
import dev.sluice.kernels.check.KernelCheck;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuDevice;
import dev.sluice.kernels.gpu.GpuException;
import dev.sluice.kernels.launch.LaunchFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Every kernel that the card can run beside its reference, on data drawn from the seed: the same
 * seed draws the same again.
 */
final class KernelComparison {
  private static final String HOPPER = "9.0";

  private final Gpu gpu;
  private final long seed;
  private final int draws;

  KernelComparison(Gpu gpu, long seed, int draws) {
    this.gpu = gpu;
    this.seed = seed;
    this.draws = draws;
  }

  /**
   * @param each told as soon as it is known
   */
  void run(Consumer<KernelVerdict> each) {
    try (GpuDevice device = new GpuDevice(gpu)) {
      for (KernelCheck check : checks()) {
        each.accept(compare(check, device));
      }
    }
  }

  private List<KernelCheck> checks() {
    List<KernelCheck> checks = new ArrayList<>();
    if (gpu.card().computeCapability().equals(HOPPER)) {
      checks.addAll(KernelCheck.hopper());
    }
    checks.addAll(KernelCheck.all());
    return checks;
  }

  private KernelVerdict compare(KernelCheck check, GpuDevice device) {
    SplittableRandom random = new SplittableRandom(seed);
    double worst = 0;
    for (int draw = 0; draw < draws; draw++) {
      try {
        worst = Math.max(worst, check.run(device, random));
      } catch (DisagreementException | LaunchFailedException | GpuException e) {
        String problem = "draw %d: %s".formatted(draw + 1, e.getMessage());
        return new KernelVerdict(check.name(), draw + 1, worst, Optional.of(problem));
      }
    }
    return new KernelVerdict(check.name(), draws, worst, Optional.empty());
  }
}
