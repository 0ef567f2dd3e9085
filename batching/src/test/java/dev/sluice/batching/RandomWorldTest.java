// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class RandomWorldTest {
  private static final int SEEDS = 500;

  @Test
  void the_promises_hold_whatever_happens() {
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomWorld world = new RandomWorld(seed);
      assertThatCode(world::play).as("seed %d", seed).doesNotThrowAnyException();
    }
  }
}
