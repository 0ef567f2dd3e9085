// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.Telemetry;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
  private final Statistics statistics =
      new Statistics(new Telemetry(() -> 1234).register(new ModelLabels("m", "1", "fp32")));

  @Test
  void nothingHasHappenedAtFirst() {
    ModelStatistics seen = statistics.snapshot("m", "1");
    assertThat(seen.lastInferenceMillis()).isZero();
    assertThat(seen.rows()).isZero();
    assertThat(seen.batches()).isEmpty();
  }

  @Test
  void rowsOverRunsIsTheMeanBatchSize() {
    statistics.observer().batchRan(8, 80, 96, 500, false);
    statistics.observer().batchRan(8, 80, 96, 700, false);
    statistics.observer().batchRan(2, 8, 8, 100, false);
    ModelStatistics seen = statistics.snapshot("m", "1");
    assertThat(seen.rows()).isEqualTo(18);
    assertThat(seen.runs()).isEqualTo(3);
    assertThat(seen.lastInferenceMillis()).isEqualTo(1234);
    assertThat(seen.batches())
        .containsExactly(
            new ModelStatistics.Batch(2, new ModelStatistics.Sum(1, 100)),
            new ModelStatistics.Batch(8, new ModelStatistics.Sum(2, 1200)));
  }

  @Test
  void aRunThatFailedCountsNowhereButInTheRequestsThatFailed() {
    statistics.observer().batchRan(8, 80, 96, 500, true);
    statistics.failed(new Problem.Cancelled("gone"), 40);
    ModelStatistics seen = statistics.snapshot("m", "1");
    assertThat(seen.rows()).isZero();
    assertThat(seen.runs()).isZero();
    assertThat(seen.lastInferenceMillis()).isZero();
    assertThat(seen.fail()).isEqualTo(new ModelStatistics.Sum(1, 40));
  }

  @Test
  void theVariantsOfAVersionAreCountedTogetherAndOtherVersionsApart() {
    Telemetry telemetry = new Telemetry(() -> 1234);
    Statistics own = new Statistics(telemetry.register(new ModelLabels("m", "1", "fp32")));
    Statistics int8 = new Statistics(telemetry.register(new ModelLabels("m", "1", "int8")));
    Statistics other = new Statistics(telemetry.register(new ModelLabels("m", "2", "fp32")));
    for (Statistics each : List.of(own, int8, other)) {
      each.observer().batchRan(4, 4, 4, 100, false);
      each.answered(new Timings(0, 1, 20, 300, 60_000, 4), 5);
    }
    int8.observer().batchRan(8, 8, 8, 30, false);
    ModelStatistics seen = own.snapshot("m", "1");
    assertThat(seen.rows()).isEqualTo(16);
    assertThat(seen.runs()).isEqualTo(3);
    assertThat(seen.success()).isEqualTo(new ModelStatistics.Sum(2, 120_000));
    assertThat(seen.batches())
        .containsExactly(
            new ModelStatistics.Batch(4, new ModelStatistics.Sum(2, 200)),
            new ModelStatistics.Batch(8, new ModelStatistics.Sum(1, 30)));
  }

  @Test
  void everyStageOfAnAnswerIsCountedOnce() {
    statistics.answered(new Timings(50_000, 1, 20, 300, 60_000, 8), 5);
    ModelStatistics seen = statistics.snapshot("m", "1");
    assertThat(seen.computeInput()).isEqualTo(new ModelStatistics.Sum(1, 1));
    assertThat(seen.queue()).isEqualTo(new ModelStatistics.Sum(1, 20));
    assertThat(seen.compute()).isEqualTo(new ModelStatistics.Sum(1, 300));
    assertThat(seen.success()).isEqualTo(new ModelStatistics.Sum(1, 60_000));
    assertThat(seen.computeOutput()).isEqualTo(new ModelStatistics.Sum(1, 5));
  }
}
