// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.report.Sample;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.Verdict;
import dev.sluice.loadtest.result.Verdict.State;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Thresholds on runs whose response times are 1, 2, 3... ms, within two seconds. */
final class JudgeTest {
  private static final long LATE = 2_000_000;

  @Test
  void percentilesAreJudgedByHowManyCallsWereOver() {
    assertThat(state("p(99)<2s", Sample.run(1000, 0))).isEqualTo(State.PASS);
    assertThat(state("p(99)<900ms", Sample.run(1000, 0))).isEqualTo(State.FAIL);
    assertThat(state("p(99) <= 991", Sample.run(1000, 0))).isEqualTo(State.INCONCLUSIVE);
    assertThat(state("med<1s", Sample.run(1000, 0))).isEqualTo(State.PASS);
    assertThat(state("p(50)<100000us", Sample.run(1000, 0))).isEqualTo(State.FAIL);
  }

  @Test
  void aRunThatIsTooShortSaysHowManyMoreItNeeds() {
    Verdict verdict = verdict("p(99)<50ms", Sample.run(40, 0));
    assertThat(verdict.state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(verdict.moreSamples()).isEqualTo(459 - 40);
    assertThat(verdict.reason()).isEqualTo("0 of 40 over the bound: at least 419 more needed");
  }

  @Test
  void theShareOfErrorsCountsAllCalls() {
    assertThat(state("errors<0.5%", Sample.run(1000, 0))).isEqualTo(State.PASS);
    assertThat(state("error_rate<0.001", Sample.run(1000, 0))).isEqualTo(State.INCONCLUSIVE);
    assertThat(state("errors<0.1%", Sample.run(1000, 20))).isEqualTo(State.FAIL);
    assertThat(state("errors==0", Sample.run(10, 0))).isEqualTo(State.PASS);
    assertThat(state("errors<=0", Sample.run(10, 1))).isEqualTo(State.FAIL);
  }

  @Test
  void otherFiguresAreComparedAsTheyAre() {
    RunResult run = Sample.run(100, 0);
    assertThat(verdict("rate>1000", run))
        .isEqualTo(new Verdict("rate>1000", State.FAIL, "50.00 /s", 0, ""));
    assertThat(state("rps>=50", run)).isEqualTo(State.PASS);
    assertThat(state("avg<=50.5", run)).isEqualTo(State.PASS);
    assertThat(state("avg<50.5", run)).isEqualTo(State.FAIL);
    assertThat(state("count===100", run)).isEqualTo(State.PASS);
    assertThat(state("dropped!=3", run)).isEqualTo(State.FAIL);
    assertThat(state("max<99ms", run)).isEqualTo(State.FAIL);
    assertThat(state("min<2", run)).isEqualTo(State.PASS);
  }

  @Test
  void withoutACallThereIsNothingToTell() {
    assertThat(state("p(99)<1ms", Sample.run(0, 0))).isEqualTo(State.INCONCLUSIVE);
    assertThat(state("avg<1ms", Sample.run(0, 7))).isEqualTo(State.INCONCLUSIVE);
  }

  @Test
  void aGeneratorThatDidNotKeepUpProvesNothing() {
    RunResult run = Sample.run(1000, 0, new SelfCheck(LATE, 0, 0.02, 0.5), List.of());
    Verdict verdict = verdict("p(99)<2s", run);
    assertThat(verdict.state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(verdict.reason())
        .isEqualTo("the run is invalid: send lag p99 is 2.00 ms, over 1.00 ms");
  }

  /** What it adds to the response time cannot make a slow server look fast. */
  @Test
  void aLagThatIsLittleBesideTheResponseTimeIsHarmless() {
    RunResult within = Sample.run(1000, 0, new SelfCheck(LATE, 5 * LATE, 0.02, 0.5), List.of());
    assertThat(state("p(99)<2s", within)).isEqualTo(State.PASS);
    RunResult over = Sample.run(1000, 0, new SelfCheck(LATE, 5 * LATE - 5, 0.02, 0.5), List.of());
    assertThat(state("p(99)<2s", over)).isEqualTo(State.INCONCLUSIVE);
  }

  @Test
  void aRunHasKeptUpWithNineteenOfTwentyCallsThatWereDue() {
    RunResult run = Sample.run(950, 0);
    assertThat(Judge.keptUp(run, 1_000).state()).isEqualTo(State.PASS);
    assertThat(Judge.keptUp(run, 1_001).state()).isEqualTo(State.FAIL);
    RunResult late = Sample.run(950, 0, new SelfCheck(LATE, 0, 0.02, 0.5), List.of());
    assertThat(Judge.keptUp(late, 1_001).state()).isEqualTo(State.INCONCLUSIVE);
  }

  @Test
  void twiceTheCallsThatMayBeOverIsByAHair() {
    RunResult run = Sample.run(10_000, 100);
    assertThat(byAHair(run, "p(99)<9.81s")).as("2 % are over").isTrue();
    assertThat(byAHair(run, "p(99)<9.78s")).isFalse();
    assertThat(byAHair(run, "errors<0.6%")).isTrue();
    assertThat(byAHair(run, "errors<0.4%")).isFalse();
    assertThat(byAHair(run, "avg<4.6s", "p(99)<9.85s", "max<100s")).isTrue();
    assertThat(byAHair(run, "avg<4.5s", "p(99)<9.85s")).as("both must be close").isFalse();
    assertThat(byAHair(run, "errors==0")).isFalse();
    assertThat(Judge.byAHair(run, List.of(), 11_222)).isTrue();
    assertThat(Judge.byAHair(run, List.of(), 11_223)).isFalse();
  }

  private static boolean byAHair(RunResult run, String... thresholds) {
    return Judge.byAHair(run, Stream.of(thresholds).map(Threshold::parse).toList(), 10_100);
  }

  @Test
  void callsThatTheGeneratorCutOffAreInNoVerdict() {
    RunResult run = Sample.cutOff(Sample.run(1000, 10), 10, 5);
    assertThat(run.failed()).as("as ghz counts").isEqualTo(10);
    assertThat(verdict("errors==0", run))
        .isEqualTo(new Verdict("errors==0", State.PASS, "0.0000 %", 0, ""));
    assertThat(verdict("count==1000", run).observed()).isEqualTo("1000");
    assertThat(verdict("rate>=500", run).observed()).isEqualTo("500.00 /s");
    assertThat(state("errors<0.5%", run)).isEqualTo(State.PASS);
    assertThat(state("errors==0", Sample.cutOff(Sample.run(1000, 10), 9, 5))).isEqualTo(State.FAIL);
    RunResult none = Sample.cutOff(Sample.run(0, 3), 3, 5);
    assertThat(verdict("errors<5%", none).reason()).isEqualTo("no call to judge by");
  }

  /** Else a server that stops answering near the end would look as if it had answered all. */
  @Test
  void whatWasOverTheBoundWhenItWasCutOffIsOverTheBound() {
    RunResult early = Sample.cutOff(Sample.run(1000, 60), 60, 900);
    RunResult late = Sample.cutOff(Sample.run(1000, 60), 60, 1_100);
    assertThat(state("p(95)<1001ms", early)).isEqualTo(State.PASS);
    assertThat(state("p(95)<1001ms", late)).isEqualTo(State.INCONCLUSIVE);
    assertThat(verdict("p(95)<1001ms", late).reason()).startsWith("60 of 1060 over the bound");
    assertThat(state("p(97)<1001ms", late)).isEqualTo(State.FAIL);
  }

  @Test
  void theStrictestThresholdSaysHowManyCallsItTakes() {
    assertThat(calls("avg<5ms", "rate>1")).isEqualTo(1);
    assertThat(calls("p(99)<5ms")).isBetween(459L, 4_000L).isEqualTo(calls("errors<=1%"));
    assertThat(calls("p(50)<5ms", "p(99.9)<9ms", "p(99)>1ms")).isGreaterThan(4_603);
  }

  private static long calls(String... thresholds) {
    return Judge.callsFor(Stream.of(thresholds).map(Threshold::parse).toList());
  }

  @Test
  void theExitCodeIsThatOfTheWorst() {
    RunResult run = Sample.run(1000, 0);
    assertThat(exit(run, "p(99)<2s")).isZero();
    assertThat(exit(run, "p(99)<2s", "error_rate<0.001")).isEqualTo(98);
    assertThat(exit(run, "rate>1000", "error_rate<0.001")).isEqualTo(99);
    assertThat(exit(run)).isZero();
  }

  @Test
  void whatIsNotInTheGrammarIsRefused() {
    refused("p99<50", "'p99<50' is not like p(99)<50ms");
    refused("p(101)<5", "a percentile is from 0 to 100");
    refused("latency<5", "'latency' is none of p(N), avg");
    refused("p(99)<5%", "'%' is not a unit of its figure");
    refused("rate>5ms", "'ms' is not a unit of its figure");
    refused("rate>-5", "is not like");
    refused("", "'' is not like");
  }

  private static void refused(String text, String why) {
    assertThatThrownBy(() -> Threshold.parse(text))
        .isInstanceOf(ReportException.class)
        .hasMessageStartingWith("--slo: ")
        .hasMessageContaining(why);
  }

  private static int exit(RunResult run, String... thresholds) {
    return ExitCodes.of(
        Judge.judge(run, List.of(thresholds).stream().map(Threshold::parse).toList()));
  }

  private static State state(String threshold, RunResult run) {
    return verdict(threshold, run).state();
  }

  private static Verdict verdict(String threshold, RunResult run) {
    return Judge.judge(run, List.of(Threshold.parse(threshold))).getFirst();
  }
}
