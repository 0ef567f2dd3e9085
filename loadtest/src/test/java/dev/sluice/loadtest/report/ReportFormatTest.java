// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.OwnCounts;
import dev.sluice.loadtest.result.ReportedOptions;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.ServerStatistics;
import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Every format, against what ghz writes of the same report. */
final class ReportFormatTest {
  private static final Report NAMED = Sample.ghz("run name", Sample.greeter());

  @Test
  void anEmptyReportHasGhzsKeysInGhzsOrderAndItsNulls() {
    Figures figures =
        new Figures(
            1000,
            10_000_000_000L,
            500_000_000,
            10_000_000,
            1_000_000_000,
            34567.89,
            List.of(),
            List.of());
    Report empty =
        new Report(
            OffsetDateTime.parse("2006-01-02T15:04:00-07:00"),
            "",
            ReportedOptions.NONE,
            figures,
            null,
            null,
            null,
            new TreeMap<>(),
            LatencyFrom.SEND,
            null,
            List.of());
    assertThat(Sample.written(ReportFormat.JSON, empty)).isEqualTo(Sample.golden("empty.json"));
  }

  @Test
  void jsonEscapesAndIndentsAsGoDoes() {
    Report report = Sample.ghz("a <b> & c", Sample.greeter());
    assertThat(Sample.written(ReportFormat.JSON, report)).isEqualTo(Sample.golden("full.json"));
    assertThat(Sample.written(ReportFormat.PRETTY, report)).isEqualTo(Sample.golden("full.pretty"));
  }

  @Test
  void theSummaryIsLaidOutAsGhzs() {
    Report report = Sample.ghz("Greeter", Sample.greeter());
    assertThat(Sample.written(ReportFormat.SUMMARY, report))
        .isEqualTo(Sample.golden("summary.txt"));
  }

  @Test
  void whatAServerSaysDoesNothingToATerminal() throws IOException {
    RunResult run = Sample.failing("\u001b[2J \u009b2J \r\nx");
    assertThat(Sample.written(ReportFormat.SUMMARY, Report.of(run, List.of())))
        .contains("   [2J  2J   x ")
        .doesNotContain("\u001b", "\u009b", "\r");
  }

  @Test
  void csvQuotesWhatNeedsIt() {
    assertThat(Sample.written(ReportFormat.CSV, NAMED)).isEqualTo(Sample.golden("details.csv"));
  }

  @Test
  void influxIsGhzs() {
    assertThat(Sample.written(ReportFormat.INFLUX_SUMMARY, NAMED))
        .isEqualTo(Sample.golden("influx-summary.txt"));
    assertThat(Sample.written(ReportFormat.INFLUX_DETAILS, NAMED))
        .isEqualTo(Sample.golden("influx-details.txt"));
  }

  @Test
  void prometheusHasGhzsNamesLabelsAndValues() {
    assertThat(Sample.written(ReportFormat.PROMETHEUS, NAMED))
        .isEqualTo(Sample.golden("prometheus.txt"));
  }

  @Test
  void ourOwnHistogramIsCumulativeAndInSeconds() throws IOException {
    String text = Sample.written(ReportFormat.PROMETHEUS, Report.of(Sample.run(100, 0), List.of()));
    assertThat(text)
        .containsPattern("sluice_run_response_time_seconds_bucket\\{.*le=\"0.05\"\\} 50\n")
        .containsPattern("sluice_run_response_time_seconds_bucket\\{.*le=\"\\+Inf\"\\} 100\n")
        .containsPattern("sluice_run_response_time_seconds_sum\\{.*\\} 5.05\n")
        .containsPattern("sluice_run_dropped\\{.*\\} 3\n");
  }

  @Test
  void whatGhzDoesNotKnowIsUnderOneKeyUnlessStrict() throws IOException {
    RunResult run = Sample.run(100, 1, new SelfCheck(2_000_000, 0, 0, 0.1), List.of());
    Object tree =
        JsonTree.parse("report", Sample.written(ReportFormat.JSON, Report.of(run, List.of())));
    assertThat(tree)
        .extracting("sluice.responseTime.p50", "sluice.serviceTime.min", "sluice.dropped")
        .containsExactly((double) run.latencies().response().getValueAtPercentile(50), 0.0, 3.0);
    assertThat(tree).extracting("sluice.selfCheck.valid").isEqualTo(false);
    assertThat(tree)
        .extracting("slowest")
        .isEqualTo((double) run.latencies().response().getMaxValue());
    String strict = Sample.written(ReportFormat.JSON, Report.strict(run));
    assertThat(strict).doesNotContain("sluice");
    assertThat(JsonTree.parse("report", strict)).extracting("fastest").isEqualTo(0.0);
  }

  @Test
  void thePageNeedsNothingElseAndNothingInItIsMarkup() throws IOException {
    Verdict verdict = new Verdict("p(99)<50ms", Verdict.State.FAIL, "99 ms", 0, "");
    RunResult run = Sample.run(100, 1, new SelfCheck(2_000_000, 0, 0, 0.1), List.of(verdict));
    String page = Sample.written(ReportFormat.HTML, Report.of(run, List.of()));
    assertThat(page)
        .doesNotContain(
            "<script", "<i>", "http:", "https:", "//", "src=", "href=", "url(", "@import")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "team=&lt;i&gt;", "p(99)&lt;50ms")
        .contains("INVALID: send lag p99 is 2.00 ms")
        .contains("Percentiles", "Response time over time", "prefers-color-scheme:dark");
    assertThat(page).containsPattern("<polyline class=\"line0\" points=\"70.0,2[0-9.]+ ");
  }

  @Test
  void theServersStagesAndBatchesAreBarsOfTheirShare() throws IOException {
    RunResult run =
        Sample.run(100, 0)
            .with(
                new ServerStatistics(
                    List.of(
                        new ServerStatistics.Stage("<queue>", 7, 20_000_000_000L),
                        new ServerStatistics.Stage("compute infer", 7, 5_000_000_000L)),
                    Map.of(1, 30L, 8, 60L)));
    String page = Sample.written(ReportFormat.HTML, Report.of(run, List.of()));
    assertThat(page)
        .containsPattern("&lt;queue&gt;</text><rect [^>]*width=\"480.0\"[^>]*>.*20.00 s</text>")
        .containsPattern("compute infer</text><rect [^>]*width=\"120.0\"")
        .containsPattern(">client</text><rect ")
        .containsPattern(">1</text><rect [^>]*width=\"240.0\"")
        .containsPattern(">8</text><rect [^>]*width=\"480.0\"");
    Map<Integer, Long> many =
        IntStream.rangeClosed(1, 100).boxed().collect(Collectors.toMap(i -> i, i -> 1L));
    page =
        Sample.written(
            ReportFormat.HTML,
            Report.of(run.with(new ServerStatistics(List.of(), many)), List.of()));
    assertThat(page).doesNotContain(">client<");
    assertThat(page).containsPattern(">32\\+</text><rect [^>]*/><text [^>]*>32</text>");
    assertThat(page).containsPattern(">64\\+</text><rect [^>]*/><text [^>]*>37</text>");
  }

  private static final List<Double> PERCENTILES = List.of(50.0, 99.9);

  /** The server took half a millisecond less than the client saw. */
  private static RunResult told() {
    Histogram own = new Histogram(2);
    for (int i = 1; i <= 100; i++) {
      own.recordValue(i * 1_000_000L - 500_000);
    }
    return Sample.run(100, 0).with(ServerStatistics.NONE.with(Optional.of(own)));
  }

  @Test
  void percentilesThatWereAskedForAreInEveryReportOfFigures() throws IOException {
    Report report = Report.of(told(), PERCENTILES);
    assertThat(Sample.written(ReportFormat.JSON, report))
        .contains(
            "\"percentiles\":[{\"percentage\":50,\"responseTime\":50003967,"
                + "\"serviceTime\":49020927,\"server\":49545215},"
                + "{\"percentage\":99.9,\"responseTime\":100007935,"
                + "\"serviceTime\":99024895,\"server\":99614719}],");
    assertThat(Sample.written(ReportFormat.INFLUX_SUMMARY, report))
        .startsWith("ghz_run,")
        .containsPattern("errors=0 [0-9]+\nsluice_run,name=")
        .contains(
            " responseTime_p50=50003967,responseTime_p99.9=100007935,"
                + "serviceTime_p50=49020927,serviceTime_p99.9=99024895,"
                + "server_p50=49545215,server_p99.9=99614719 ");
    assertThat(Sample.written(ReportFormat.PROMETHEUS, report))
        .containsPattern(
            "sluice_run_response_time_percentile_seconds\\{.*,quantile=\"0.5\"} 0.050003967\n")
        .containsPattern(
            "sluice_run_service_time_percentile_seconds\\{.*,quantile=\"0.999\"} 0.099024895\n")
        .containsPattern(
            "sluice_run_server_time_percentile_seconds\\{.*,quantile=\"0.999\"} 0.099614719\n");
    assertThat(Sample.written(ReportFormat.HTML, report))
        .contains(
            "<th>from the intended start</th><th>from the send</th><th>the server&#39;s own</th>")
        .contains(
            "<tr><th>99.9 %</th><td class=\"n\">100.01 ms</td><td class=\"n\">99.02 ms</td>"
                + "<td class=\"n\">99.61 ms</td></tr>");
    StringWriter summary = new StringWriter();
    TruthFormat.write(told(), PERCENTILES, false, summary);
    assertThat(summary.toString()).contains("\n  99.9 %\t100.01 ms\t99.02 ms\t99.61 ms\n");
  }

  @Test
  void aReportThatGhzCouldHaveMadeHasNoneOfThem() throws IOException {
    for (ReportFormat format : ReportFormat.values()) {
      assertThat(Sample.written(format, Report.strict(told())))
          .as(format.name())
          .doesNotContain("sluice_run", "99.9", "99614719", "Cut off");
    }
  }

  @Test
  void whatGhzHasNoCountsOfIsSaidWhereThereIsSome() throws IOException {
    Histogram cutOff = new Histogram(3);
    cutOff.recordValueWithCount(5_000_000, 2);
    OwnCounts own = new OwnCounts(3, cutOff, 4, Map.of("a <cosine> is \"low\"", 5L));
    RunResult run = Sample.with(Sample.run(100, 7), own);
    String json = Sample.written(ReportFormat.JSON, Report.of(run, List.of()));
    assertThat(json)
        .contains(
            "\"failed\":7,\"dropped\":3,\"cutOff\":2,\"resent\":4,\"wrongAnswers\":5,"
                + "\"wrongAnswerDistribution\":{\"a \\u003ccosine\\u003e is \\\"low\\\"\":5},");
    assertThat(Sample.written(ReportFormat.HTML, Report.of(run, List.of())))
        .contains("<th>Cut off at the end</th><td class=\"n\">2</td>")
        .contains("<th>Sent again</th><td class=\"n\">4</td>")
        .contains(
            "<th>Wrong answer: a &lt;cosine&gt; is &quot;low&quot;</th><td class=\"n\">5</td>");
    assertThat(Sample.written(ReportFormat.PROMETHEUS, Report.of(run, List.of())))
        .containsPattern("sluice_run_cut_off\\{.*} 2\n")
        .containsPattern("sluice_run_resent\\{.*} 4\n")
        .containsPattern("sluice_run_wrong_answers\\{.*} 5\n");
    StringWriter summary = new StringWriter();
    TruthFormat.write(run, List.of(), false, summary);
    assertThat(summary.toString())
        .contains("Cut off:\t2 calls, ", "Sent again:\t4 calls, ")
        .contains("Wrong answers:\t5\n  5\ta <cosine> is \"low\"\n");
    StringWriter junit = new StringWriter();
    JUnitFormat.write(run, junit);
    assertThat(junit.toString()).contains("<property name=\"wrongAnswers\" value=\"5\"/>");
  }

  @Test
  void verdictsAreJUnitsTestCases() throws IOException {
    RunResult run =
        Sample.run(
            10,
            0,
            null,
            List.of(
                new Verdict("p(99)<50ms", Verdict.State.PASS, "9 ms", 0, ""),
                new Verdict("rate>1000", Verdict.State.FAIL, "5.00 /s", 0, ""),
                new Verdict(
                    "errors<0.1%",
                    Verdict.State.INCONCLUSIVE, "0.0000 %", 9, "at least 9 more needed")));
    StringWriter out = new StringWriter();
    JUnitFormat.write(run, out);
    assertThat(out).hasToString(Sample.golden("verdicts.xml"));
  }

  @Test
  void anUnknownFormatIsAnsweredWithThoseThereAre() {
    assertThat(ReportFormat.named("influx-details")).isEqualTo(ReportFormat.INFLUX_DETAILS);
    assertThatThrownBy(() -> ReportFormat.named("xml"))
        .isInstanceOf(ReportException.class)
        .hasMessage(
            "--format: 'xml' is none of summary, csv, json, pretty, html, influx-summary,"
                + " influx-details, prometheus");
  }
}
