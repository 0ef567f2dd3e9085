// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrailTest {
  @Test
  void theLatestAreNamedAndTheOthersCounted() {
    Trail trail = new Trail();
    assertThat(trail).hasToString("nothing");
    trail.add(() -> "first");
    trail.add(() -> "second");
    assertThat(trail).hasToString("first, second");
    for (int i = 0; i < 16; i++) {
      String name = "more " + i;
      trail.add(() -> name);
    }
    assertThat(trail.toString()).startsWith("2 others, more 0, more 1, ").endsWith(", more 15");
    trail.clear();
    assertThat(trail).hasToString("nothing");
  }
}
