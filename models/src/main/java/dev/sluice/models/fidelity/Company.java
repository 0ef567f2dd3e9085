// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws who shares a batch: always the same batches for the same number of inputs, each of two to
 * eight inputs in random order.
 */
final class Company {
  static final int BATCHES = 50;
  private static final int MOST = 8;
  private static final long SEED = 0x5EED;

  private Company() {}

  /** Inputs by their index; one may be in a batch twice. */
  static List<int[]> batches(int inputs) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<int[]> batches = new ArrayList<>(BATCHES);
    for (int i = 0; i < BATCHES; i++) {
      batches.add(random.ints(random.nextInt(2, MOST + 1), 0, inputs).toArray());
    }
    return batches;
  }
}
