// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes of batches, and of memory in messages. */
class SizesTest {
  @Test
  void aBucketHoldsItsBatchesAndLittleMore() {
    Set<Integer> bounds = new HashSet<>();
    for (int tokens = 1; tokens <= 1 << 14; tokens++) {
      int bound = SizeBucket.of(tokens, 1).tokens();
      assertThat(bound).isGreaterThanOrEqualTo(tokens);
      assertThat(bound).isLessThanOrEqualTo(Math.max(64, tokens * 5 / 4));
      assertThat(SizeBucket.of(bound, 1).tokens()).as("its own bucket").isEqualTo(bound);
      bounds.add(bound);
    }
    assertThat(bounds).as("graphs up to 16384 tokens").hasSize(1 + 4 * 8);
    assertThat(SizeBucket.of(1, 9)).isEqualTo(new SizeBucket(64, 10));
    assertThat(SizeBucket.of(1 << 30, 8)).isEqualTo(new SizeBucket(1 << 30, 8));
  }

  @Test
  void thereAreNoEmptyOrEndlessBatches() {
    assertThatThrownBy(() -> SizeBucket.of(0, 1)).hasMessageContaining("no batch has 0");
    assertThatThrownBy(() -> SizeBucket.of(1, (1 << 30) + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1023, 1023 bytes",
    "1024, 1.0 KiB",
    "1572864, 1.5 MiB",
    "151397597184, 141.0 GiB",
    "9223372036854775807, 8388608.0 TiB"
  })
  void memoryIsToldInRoundNumbers(long bytes, String text) {
    assertThat(Bytes.text(bytes)).isEqualTo(text);
  }
}
