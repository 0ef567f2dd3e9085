// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import org.junit.jupiter.api.Test;

/**
 * The promises of the batcher, in as many worlds as there are seeds. {@code -Dsluice.sim.seed=N}
 * plays one of them, {@code -Dsluice.sim.seeds=N} as many as that.
 */
class ProofTest {
  private static final int SEEDS = 10_000;

  @Test
  void the_promises_hold_whatever_happens() {
    Long one = Long.getLong("sluice.sim.seed");
    if (one != null) {
      play(one);
      return;
    }
    int seeds = Integer.getInteger("sluice.sim.seeds", SEEDS);
    for (long seed = 0; seed < seeds; seed++) {
      play(seed);
    }
  }

  private static void play(long seed) {
    try {
      new ProofWorld(seed).play();
    } catch (AssertionError | RuntimeException thrown) {
      throw new AssertionError(
          "mvn -pl batching test -Dtest=ProofTest -Dsluice.sim.seed=" + seed + "  # " + thrown,
          thrown);
    }
  }
}
