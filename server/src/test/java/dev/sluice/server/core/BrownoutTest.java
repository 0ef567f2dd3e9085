// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.BrownoutSettings;
import dev.sluice.server.core.Brownout.State;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Switches worked out by hand, in milliseconds of a clock that the test moves. */
final class BrownoutTest {
  private static final long MILLI = 1_000_000;
  private static final long STAY = 5_000;

  private final Brownout brownout =
      new Brownout(
          Duration.ofMillis(100),
          new BrownoutSettings(Optional.empty(), 0.5, 0.1, Duration.ofMillis(STAY)));

  private State waited(long atMillis, long waitMillis) {
    return brownout.waited(atMillis * MILLI, waitMillis * MILLI);
  }

  private State at(long millis) {
    return brownout.at(millis * MILLI);
  }

  /** A queue that stands for a whole budget, at the end of which it is reduced. */
  private void overload(long fromMillis) {
    waited(fromMillis, 50);
    waited(fromMillis + 50, 50);
    assertThat(waited(fromMillis + 100, 50)).isEqualTo(State.REDUCED);
  }

  @Test
  void waitsThatStandForABudgetReduceAndNotAMomentEarlier() {
    assertThat(waited(0, 50)).isEqualTo(State.FULL);
    assertThat(waited(50, 60)).isEqualTo(State.FULL);
    assertThat(waited(99, 500)).isEqualTo(State.FULL);
    assertThat(waited(100, 50)).isEqualTo(State.REDUCED);
  }

  @Test
  void oneWaitBelowTheThresholdBeginsTheCountAnew() {
    waited(0, 70);
    waited(60, 70);
    assertThat(waited(90, 49)).isEqualTo(State.FULL);
    assertThat(waited(110, 70)).isEqualTo(State.FULL);
    assertThat(waited(170, 70)).isEqualTo(State.FULL);
    assertThat(waited(210, 70)).isEqualTo(State.REDUCED);
  }

  @Test
  void burstsWithNobodyWaitingInBetweenAreNoOverload() {
    for (long burst = 0; burst < 20; burst++) {
      assertThat(waited(burst * 90, 80)).isEqualTo(State.FULL);
    }
  }

  @Test
  void aSlowModelWhoseBatchesAreFarApartIsSeenByItsSecondWait() {
    waited(0, 2_000);
    assertThat(waited(2_000, 2_000)).isEqualTo(State.REDUCED);
  }

  @Test
  void itEndsWhenNobodyHasWaitedForLongEnough() {
    overload(0);
    assertThat(waited(3_000, 10)).as("not calm yet").isEqualTo(State.REDUCED);
    assertThat(waited(6_000, 9)).isEqualTo(State.REDUCED);
    assertThat(at(3_000 + STAY - 1)).isEqualTo(State.REDUCED);
    assertThat(at(3_000 + STAY)).isEqualTo(State.FULL);
  }

  @Test
  void silenceIsCalm() {
    overload(0);
    assertThat(at(100 + STAY - 1)).isEqualTo(State.REDUCED);
    assertThat(at(100 + STAY)).isEqualTo(State.FULL);
  }

  @Test
  void aReturnThatWasRashMakesItMorePatientUpToABound() {
    long now = 0;
    for (long patience : new long[] {1, 2, 4, 8, 16, 32, 32}) {
      overload(now);
      long end = now + 100 + patience * STAY;
      assertThat(at(end - 1)).as("patience %d", patience).isEqualTo(State.REDUCED);
      assertThat(at(end)).as("patience %d", patience).isEqualTo(State.FULL);
      now = end + 1;
    }
  }

  @Test
  void aReturnThatHeldIsForgotten() {
    overload(0);
    long end = 100 + STAY;
    at(end);
    overload(end + STAY);
    assertThat(at(end + STAY + 100 + STAY)).isEqualTo(State.FULL);
  }

  @Test
  void whatStoodBeforeABrownoutDoesNotCountAfterIt() {
    overload(0);
    at(100 + STAY);
    assertThat(waited(200 + STAY, 10_000)).isEqualTo(State.FULL);
  }

  @Test
  void aClockThatIsNegativeOrWrapsIsAsGoodAsAny() {
    long start = Long.MAX_VALUE - 20 * MILLI;
    brownout.waited(start, 60 * MILLI);
    brownout.waited(start + 50 * MILLI, 60 * MILLI);
    assertThat(brownout.waited(start + 100 * MILLI, 60 * MILLI)).isEqualTo(State.REDUCED);
    assertThat(brownout.at(start + (100 + STAY) * MILLI)).isEqualTo(State.FULL);
  }
}
