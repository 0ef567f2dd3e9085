// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantitiesTest {
  @ParameterizedTest
  @ValueSource(strings = {"0s", "1ms", "1500ms", "25s", "90s", "5m", "90m", "24h"})
  void durationsAreReadAndWritten(String text) {
    assertThat(Quantities.printDuration(Quantities.duration(text).orElseThrow())).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1023", "1KiB", "1025", "8KiB", "64MiB", "3GiB", "1536KiB"})
  void sizesAreReadAndWritten(String text) {
    assertThat(Quantities.printSize(Quantities.size(text).orElseThrow())).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "25", "-1s", "1.5s", "1d", "1 hour", "9999999999999s", "٣s"})
  void whatIsNoDurationIsRefused(String text) {
    assertThat(Quantities.duration(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "KiB", "-1", "1.5MiB", "1MB", "1kib", "999999999999GiB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThat(Quantities.size(text)).isEmpty();
  }

  @Test
  void aBareZeroNeedsNoUnit() {
    assertThat(Quantities.duration("0")).hasValue(Duration.ZERO);
  }
}
