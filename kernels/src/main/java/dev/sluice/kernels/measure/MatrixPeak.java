// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.gpu.Gpu;
import java.util.Map;
import java.util.Optional;

/**
 * What the matrix units could do at the card's highest clock, by arithmetic: power and heat keep
 * real products below it, and no weakness of a kernel makes it look smaller.
 */
final class MatrixPeak {
  /** Operations of halves per multiprocessor and clock, without sparsity; bytes: twice as many. */
  private static final Map<String, Integer> PER_CLOCK =
      Map.of("7.5", 1024, "8.0", 2048, "8.6", 1024, "8.9", 1024, "9.0", 4096);

  private MatrixPeak() {}

  /** Empty for a card whose kind came later than this table. */
  static Optional<Ceilings.Peak> of(Gpu gpu) {
    return Optional.ofNullable(PER_CLOCK.get(gpu.card().computeCapability()))
        .map(perClock -> perClock * 1e3 * gpu.clockKilohertz() * gpu.multiprocessors())
        .map(halves -> new Ceilings.Peak(halves, 2 * halves));
  }
}
