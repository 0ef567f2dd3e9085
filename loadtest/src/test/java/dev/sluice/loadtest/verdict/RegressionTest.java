// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.report.Figures;
import dev.sluice.loadtest.report.Report;
import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.report.ReportFormat;
import dev.sluice.loadtest.report.Sample;
import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Verdict.State;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of 1 to n ms held against a report of one of 1 to 100 ms. */
final class RegressionTest {
  @TempDir private Path folder;

  @Test
  void aFigureMayBeWorseByItsLimitAndNoMore() throws IOException {
    assertThat(state("p99=10%", 109)).isEqualTo(State.PASS);
    assertThat(state("p99=10%", 112)).isEqualTo(State.FAIL);
    assertThat(state("average=0%", 90)).isEqualTo(State.PASS);
    assertThat(state("rps=5%", 94)).isEqualTo(State.FAIL);
    assertThat(state("rps=5%", 96)).isEqualTo(State.PASS);
    assertThat(state("rps=5%", 200)).isEqualTo(State.PASS);
    assertThat(state("slowest=10%", 120)).isEqualTo(State.FAIL);
  }

  @Test
  void aRunWithoutSuccessesCannotBeCompared() throws IOException {
    assertThat(state("p99=10%", 0)).isEqualTo(State.INCONCLUSIVE);
  }

  @Test
  void badLimitsAndBaselinesAreNamed() throws IOException {
    assertThatThrownBy(() -> Regression.parse("p98=10%"))
        .isInstanceOf(ReportException.class)
        .hasMessageStartingWith("--max-regress: 'p98=10%' is not like p99=10%");
    refused("[]", "an object is missing");
    refused("{\"rps\":1,", "not a JSON report");
    refused("{\"rps\":1,\"details\":[{\"average\":2}]}", "it has no 'rps' or no 'average'");
    assertThatThrownBy(() -> Baseline.read(folder.resolve("absent")))
        .isInstanceOf(ReportException.class);
  }

  private void refused(String json, String why) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), json);
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(ReportException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(why);
  }

  private State state(String limit, int count) throws IOException {
    Path file = folder.resolve("baseline.json");
    try (Writer out = Files.newBufferedWriter(file)) {
      ReportFormat.PRETTY.write(Report.of(Sample.run(100, 0), List.of()), out);
    }
    RunResult run = Sample.run(count, 0);
    Figures figures = Figures.of(run, LatencyFrom.INTENDED);
    return Regression.parse(limit).judge(run, figures, Baseline.read(file)).state();
  }
}
