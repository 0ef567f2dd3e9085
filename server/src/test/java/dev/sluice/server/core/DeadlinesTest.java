// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadlinesTest {
  private static final long SECOND = 1_000_000_000L;

  private static Deadlines deadlines(Moment clock, Optional<Duration> fallback) {
    return new Deadlines(clock, new Limits(8, 8, fallback, Duration.ofSeconds(60)));
  }

  private static CallContext due(long nanos) {
    return new CallContext(0, nanos, Criticality.CRITICAL, "");
  }

  /** The clock wraps a second after the last of these moments. */
  @ParameterizedTest
  @ValueSource(longs = {0, -5 * SECOND, Long.MIN_VALUE, Long.MAX_VALUE - SECOND})
  void theCallersOwnCountsWhereverTheClockStands(long now) {
    Deadlines deadlines = deadlines(new Moment(now), Optional.empty());
    Deployment model = FakeModels.embedding("m", 1);
    assertThat(deadlines.effective(due(now + 2 * SECOND), model) - now).isEqualTo(2 * SECOND);
    assertThat(deadlines.effective(due(now + 90 * SECOND), model) - now).isEqualTo(60 * SECOND);
    assertThat(deadlines.effective(due(now - SECOND), model) - now).isEqualTo(-SECOND);
  }

  @Test
  void withNoneOfItsOwnTheModelsCounts() {
    Deadlines deadlines = deadlines(new Moment(5), Optional.of(Duration.ofSeconds(9)));
    Deployment model =
        FakeModels.embedding(
            FakeModels.withTimeout(FakeModels.textSpec("m", 1, true), Duration.ofSeconds(3)));
    assertThat(deadlines.effective(due(Call.NO_DEADLINE), model)).isEqualTo(5 + 3 * SECOND);
  }

  @Test
  void withNoneAtTheModelTheServersCountsAndElseTheMost() {
    Deployment model = FakeModels.embedding("m", 1);
    Deadlines withDefault = deadlines(new Moment(5), Optional.of(Duration.ofSeconds(9)));
    Deadlines without = deadlines(new Moment(5), Optional.empty());
    assertThat(withDefault.effective(due(Call.NO_DEADLINE), model)).isEqualTo(5 + 9 * SECOND);
    assertThat(without.effective(due(Call.NO_DEADLINE), model)).isEqualTo(5 + 60 * SECOND);
  }

  @Test
  void neitherModelNorServerGoBeyondTheMost() {
    Deployment model =
        FakeModels.embedding(
            FakeModels.withTimeout(FakeModels.textSpec("m", 1, true), Duration.ofHours(3)));
    Deadlines deadlines = deadlines(new Moment(0), Optional.of(Duration.ofHours(1)));
    assertThat(deadlines.effective(due(Call.NO_DEADLINE), model)).isEqualTo(60 * SECOND);
  }

  @Test
  void oneHasPassedFromItsOwnMomentOnAlsoAcrossTheWrap() {
    Moment clock = new Moment(Long.MAX_VALUE - 1);
    Deadlines deadlines = deadlines(clock, Optional.empty());
    long deadline = clock.now + 3;
    assertThat(deadlines.passed(deadline)).isFalse();
    clock.now += 2;
    assertThat(deadlines.passed(deadline)).isFalse();
    clock.now += 1;
    assertThat(deadlines.passed(deadline)).isTrue();
  }
}
