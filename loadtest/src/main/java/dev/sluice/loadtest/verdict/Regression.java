// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import dev.sluice.loadtest.report.Figures;
import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Verdict;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By how much a figure may be worse than in the baseline: {@code p99=10%}, {@code rps=5%}.
 *
 * @param share of the baseline's figure
 */
public record Regression(String text, String figure, double share) {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "\\s*(average|fastest|slowest|rps|p(?:10|25|50|75|90|95|99))"
              + "\\s*=\\s*(\\d{1,6}(?:\\.\\d{1,6})?)%\\s*");

  /**
   * @throws ReportException if it is not in the grammar
   */
  public static Regression parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      throw new ReportException(
          "--max-regress: '"
              + text
              + "' is not like p99=10%; figures are average, fastest, slowest, rps and p10, p25,"
              + " p50, p75, p90, p95, p99");
    }
    double percent = Double.parseDouble(matcher.group(2));
    return new Regression(text.strip(), matcher.group(1), percent / 100);
  }

  /**
   * @param figures those of the run's own report
   */
  public Verdict judge(RunResult run, Figures figures, Baseline baseline) {
    Map<String, Double> values = Baseline.of(figures);
    Double now = values.get(figure);
    Double before = baseline.figures().get(figure);
    if (now == null || before == null || before == 0) {
      String where = now == null ? "this run" : baseline.name();
      String reason = where + " has no " + figure;
      return new Verdict(text, Verdict.State.INCONCLUSIVE, "none", 0, reason);
    }
    double worse = figure.equals("rps") ? (before - now) / before : (now - before) / before;
    Verdict.State state = worse <= share ? Verdict.State.PASS : Verdict.State.FAIL;
    String observed = Judge.rounded(Math.abs(worse) * 100, 2);
    String direction = worse > 0 ? " % worse" : " % better";
    return Judge.valid(run, new Verdict(text, state, observed + direction, 0, ""));
  }
}
