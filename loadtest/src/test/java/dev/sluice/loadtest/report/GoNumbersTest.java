// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GoNumbersTest {
  @Test
  void jsonIsPlainFromAMillionthToATrillionBillion() {
    assertThat(GoNumbers.json(0.000001)).isEqualTo("0.000001");
    assertThat(GoNumbers.json(1e-7)).isEqualTo("1e-7");
    assertThat(GoNumbers.json(1.5e-10)).isEqualTo("1.5e-10");
    assertThat(GoNumbers.json(1e20)).isEqualTo("100000000000000000000");
    assertThat(GoNumbers.json(1.25e21)).isEqualTo("1.25e+21");
    assertThat(GoNumbers.json(-2000)).isEqualTo("-2000");
    assertThat(GoNumbers.json(0.1 + 0.2)).isEqualTo("0.30000000000000004");
  }

  @Test
  void prometheusHasAnExponentFromAMillionOn() {
    assertThat(GoNumbers.shortest(123456)).isEqualTo("123456");
    assertThat(GoNumbers.shortest(1234567)).isEqualTo("1.234567e+06");
    assertThat(GoNumbers.shortest(0.0001)).isEqualTo("0.0001");
    assertThat(GoNumbers.shortest(0.00001)).isEqualTo("1e-05");
    assertThat(GoNumbers.shortest(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
  }

  @Test
  void decimalsAreRoundedFromTheValueInMemoryAndHalvesToEven() {
    assertThat(GoNumbers.fixed(0.125, 2)).isEqualTo("0.12");
    assertThat(GoNumbers.fixed(0.375, 2)).isEqualTo("0.38");
    assertThat(GoNumbers.fixed(1.005, 2)).isEqualTo("1.00");
  }

  @Test
  void durationsAreGos() {
    assertThat(GoNumbers.duration(0)).isEqualTo("0s");
    assertThat(GoNumbers.duration(1_500_000)).isEqualTo("1.5ms");
    assertThat(GoNumbers.duration(5_000_000_000L)).isEqualTo("5s");
    assertThat(GoNumbers.duration(3_605_500_000_000L)).isEqualTo("1h0m5.5s");
    assertThat(GoNumbers.duration(60_000_000_000L)).isEqualTo("1m0s");
  }
}
