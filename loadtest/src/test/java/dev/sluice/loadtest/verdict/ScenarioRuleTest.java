// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.Sample;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.Verdict;
import dev.sluice.loadtest.result.Verdict.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The metrics of MLPerf's scenarios, from runs whose call number i took i ms. */
final class ScenarioRuleTest {
  private static Verdict judged(String scenario, int inputs, RunResult run) {
    return ScenarioRule.of(scenario, inputs).orElseThrow().judge(run);
  }

  @Test
  void theEstimateIsAboveThePercentileByWhatChanceMayHide() {
    // of 1000 calls 78 may be over the 90 % with 99 % confidence: the 78th slowest took 923 ms
    assertThat(SampleSize.most(1_000, 0.1)).isEqualTo(78);
    Verdict single = judged("single", 1, Sample.run(1_000, 0));
    assertThat(single.state()).isEqualTo(State.PASS);
    assertThat(Double.parseDouble(single.observed().replace(" ms", ""))).isBetween(922.9, 923.9);
  }

  @Test
  void tooFewCallsHaveNoEstimate() {
    long least = SampleSize.least(1, 0.01);
    assertThat(judged("multi", 8, Sample.run((int) least, 0)).state()).isEqualTo(State.PASS);
    Verdict few = judged("multi", 8, Sample.run((int) least - 5, 0));
    assertThat(few.state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(few.moreSamples()).isEqualTo(5);
    assertThat(judged("single", 1, Sample.run(1_000, 1)).reason()).isEqualTo("1 calls failed");
  }

  /** As it is in each run whose time ends it. */
  @Test
  void aCallThatWasCutOffAtTheEndHasNotFailed() {
    RunResult run = Sample.cutOff(Sample.run(1_000, 1), 1, 5);
    assertThat(judged("single", 1, run).state()).isEqualTo(State.PASS);
    assertThat(judged("server", 1, run).observed()).isEqualTo("500.00 /s");
    assertThat(judged("offline", 7, run).reason()).startsWith("7000 of 24576");
  }

  @Test
  void theMostHitsAreThoseThatTheLeastSamplesBelongTo() {
    for (long hits : List.of(0L, 1L, 5L, 40L)) {
      long least = SampleSize.least(hits, 0.01);
      assertThat(SampleSize.most(least, 0.01)).isEqualTo(hits);
      assertThat(SampleSize.most(least - 1, 0.01)).isEqualTo(hits - 1);
    }
  }

  @Test
  void offlineCountsSamplesAndNeedsEnoughOfThem() {
    RunResult run = Sample.run(3_072, 0);
    assertThat(judged("offline", 8, run).state()).isEqualTo(State.PASS);
    Verdict few = judged("offline", 7, run);
    assertThat(few.state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(few.reason()).isEqualTo("21504 of 24576 samples that it takes");
    assertThat(few.moreSamples()).isEqualTo(439);
    double perSecond = 3_072 * 8 / (run.totalNanos() / 1e9);
    assertThat(judged("offline", 8, run).observed()).isEqualTo(Judge.rounded(perSecond, 2) + " /s");
  }

  @Test
  void aGeneratorThatDidNotKeepUpHasNoMetric() {
    RunResult late = Sample.run(1_000, 0, new SelfCheck(2_000_000, 0, 0.02, 0.5), List.of());
    assertThat(judged("single", 1, late).state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(judged("server", 1, late).state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(judged("server", 1, Sample.run(10, 0)).state()).isEqualTo(State.PASS);
    assertThat(ScenarioRule.of("none", 1)).isEmpty();
  }
}
