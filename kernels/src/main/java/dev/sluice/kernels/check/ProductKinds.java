// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuDevice;
import dev.sluice.kernels.launch.LaunchFailedException;
import dev.sluice.kernels.launch.Product;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Which products a card gets. */
public final class ProductKinds {
  private static final String HOPPER = "9.0";

  /** Draws of sizes per kernel: all finishes, both tiles, with and without tails. */
  private static final int ROUNDS = 4;

  private ProductKinds() {}

  /**
   * @param doubt why the card's own instructions are not used though it has them; empty otherwise
   */
  public record Choice(Product.Kind kind, Optional<String> doubt) {}

  /**
   * Hopper's own on a card of that kind, once they have agreed with their references on it; those
   * of every card otherwise.
   *
   * @throws dev.sluice.kernels.gpu.GpuException where the check took the card out of service
   */
  public static Choice choose(Gpu gpu, RandomGenerator random) {
    if (!gpu.card().computeCapability().equals(HOPPER)) {
      return new Choice(Product.Kind.WARP, Optional.empty());
    }
    try (GpuDevice device = new GpuDevice(gpu)) {
      for (KernelCheck check : KernelCheck.hopper()) {
        for (int i = 0; i < ROUNDS; i++) {
          check.run(device, random);
        }
      }
      return new Choice(Product.Kind.WARPGROUP, Optional.empty());
    } catch (DisagreementException | LaunchFailedException e) {
      return new Choice(Product.Kind.WARP, Optional.of(String.valueOf(e.getMessage())));
    }
  }
}
