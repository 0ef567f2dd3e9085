// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.Truth;
import dev.sluice.loadtest.report.Figures;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Verdict;
import dev.sluice.loadtest.verdict.Baseline;
import dev.sluice.loadtest.verdict.Judge;
import dev.sluice.loadtest.verdict.Regression;
import dev.sluice.loadtest.verdict.ScenarioRule;
import dev.sluice.loadtest.verdict.Threshold;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run must meet. */
record Demands(
    List<Threshold> thresholds,
    List<Regression> regressions,
    Optional<Baseline> baseline,
    Optional<ScenarioRule> scenario) {

  /**
   * @throws dev.sluice.loadtest.report.ReportException if one cannot be read
   */
  static Demands read(Options options) {
    Truth truth = options.truth();
    return new Demands(
        truth.slo().stream().map(Threshold::parse).toList(),
        truth.maxRegress().stream().map(Regression::parse).toList(),
        truth.baseline().map(Baseline::read),
        ScenarioRule.of(truth.scenario(), options.inference().inputs()));
  }

  /** The result with all verdicts, behind those that it has. */
  RunResult judge(RunResult run) throws IOException {
    List<Verdict> verdicts = new ArrayList<>(run.verdicts());
    verdicts.addAll(Judge.judge(run, thresholds));
    scenario.ifPresent(rule -> verdicts.add(rule.judge(run)));
    if (baseline.isPresent()) {
      Figures figures = Figures.of(run, run.latencyFrom());
      for (Regression regression : regressions) {
        verdicts.add(regression.judge(run, figures, baseline.get()));
      }
    }
    return run.with(verdicts);
  }

  /** Whether a threshold has failed for good already. */
  boolean failed(RunResult soFar) {
    return Judge.judge(soFar, thresholds).stream()
        .anyMatch(verdict -> verdict.state() == Verdict.State.FAIL);
  }
}
