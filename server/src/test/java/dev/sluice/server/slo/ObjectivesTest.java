// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What objectives say about how long requests should wait. */
final class ObjectivesTest {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final Objective UP =
      new Objective.Availability("up", new Target(999_000), WINDOW, 1);

  private static Objective latency(int goodPerMillion, long underMillis) {
    return new Objective.Latency(
        "l" + goodPerMillion,
        new Target(goodPerMillion),
        Duration.ofMillis(underMillis),
        WINDOW,
        1);
  }

  @Test
  void theTargetWaitIsHalfOfTheShortestBoundOnNearlyAll() {
    Objectives objectives =
        new Objectives(Map.of("m", List.of(UP, latency(999_000, 200), latency(900_000, 50), UP)));
    assertThat(objectives.targetWait("m")).hasValue(Duration.ofMillis(25));
  }

  @Test
  void aBoundOnFewerSaysNothingAboutTheLongestWaits() {
    Objectives objectives =
        new Objectives(
            Map.of(
                "median", List.of(latency(899_999, 1)),
                "both", List.of(latency(500_000, 1), latency(990_000, 30))));
    assertThat(objectives.targetWait("median")).isEmpty();
    assertThat(objectives.targetWait("both")).hasValue(Duration.ofMillis(15));
  }

  @Test
  void aModelWithoutAnEntryHasThatOfEveryModel() {
    Objectives objectives =
        new Objectives(
            Map.of(
                Objectives.EVERY,
                List.of(latency(990_000, 40)),
                "taken-out",
                List.of(),
                "up",
                List.of(UP)));
    assertThat(objectives.targetWait("any")).hasValue(Duration.ofMillis(20));
    assertThat(objectives.targetWait("taken-out")).isEmpty();
    assertThat(objectives.targetWait("up")).isEmpty();
  }
}
