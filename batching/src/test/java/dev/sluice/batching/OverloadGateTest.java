// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverloadGateTest {
  private static final long TARGET = 40_000_000;
  private static final long MOMENT = 1_000_000;

  private final OverloadGate gate = new OverloadGate(TARGET);
  private long now = Long.MAX_VALUE - OverloadGate.INTERVAL_NANOS / 2;

  /** Lets so much time pass in which the wait is never different. */
  private void pass(long nanos, long wait) {
    for (long passed = 0; passed < nanos; passed += MOMENT) {
      now += MOMENT;
      gate.observe(now, wait, false);
    }
  }

  private boolean admits(Criticality criticality, long wait) {
    return gate.excessNanos(criticality, wait) == 0;
  }

  @Test
  void a_burst_is_let_in() {
    pass(OverloadGate.INTERVAL_NANOS - MOMENT, 100 * TARGET);
    assertThat(admits(Criticality.SHEDDABLE, 100 * TARGET)).isTrue();
  }

  @Test
  void a_queue_that_stands_is_an_overload_and_each_class_is_refused_from_its_own_wait_on() {
    pass(2 * OverloadGate.INTERVAL_NANOS, TARGET + 1);
    assertThat(admits(Criticality.SHEDDABLE, TARGET / 4)).isTrue();
    assertThat(gate.excessNanos(Criticality.SHEDDABLE, TARGET / 4 + 5)).isEqualTo(5);
    assertThat(gate.excessNanos(Criticality.SHEDDABLE_PLUS, TARGET / 2 + 5)).isEqualTo(5);
    assertThat(admits(Criticality.CRITICAL, TARGET)).isTrue();
    assertThat(gate.excessNanos(Criticality.CRITICAL, TARGET + 5)).isEqualTo(5);
    assertThat(admits(Criticality.CRITICAL_PLUS, 2 * TARGET)).isTrue();
    assertThat(gate.excessNanos(Criticality.CRITICAL_PLUS, 2 * TARGET + 5)).isEqualTo(5);
  }

  @Test
  void one_moment_of_a_short_wait_starts_the_interval_anew() {
    pass(OverloadGate.INTERVAL_NANOS - MOMENT, 2 * TARGET);
    pass(MOMENT, TARGET);
    pass(OverloadGate.INTERVAL_NANOS - MOMENT, 2 * TARGET);
    assertThat(admits(Criticality.SHEDDABLE, 2 * TARGET)).isTrue();
  }

  @Test
  void it_ends_when_nothing_waits_and_not_before() {
    pass(2 * OverloadGate.INTERVAL_NANOS, 2 * TARGET);
    pass(10 * OverloadGate.INTERVAL_NANOS, TARGET / 2);
    assertThat(admits(Criticality.SHEDDABLE, TARGET)).isFalse();
    gate.observe(now, 0, true);
    assertThat(admits(Criticality.SHEDDABLE, TARGET)).isTrue();
  }

  @Test
  void without_a_target_nothing_is_an_overload() {
    OverloadGate off = new OverloadGate(Long.MAX_VALUE);
    off.observe(0, Long.MAX_VALUE - 1, false);
    off.observe(Long.MAX_VALUE / 2, Long.MAX_VALUE - 1, false);
    assertThat(off.isOff()).isTrue();
    assertThat(off.excessNanos(Criticality.SHEDDABLE, Long.MAX_VALUE - 1)).isZero();
  }
}
