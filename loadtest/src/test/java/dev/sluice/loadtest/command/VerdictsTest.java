// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.support.GreeterServer;
import dev.sluice.loadtest.support.LoadTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exit codes and the files of a run. Calls here wait for the server most of the time, so that the
 * generator is never what is busy, on however slow a machine.
 */
final class VerdictsTest {
  @TempDir private Path folder;
  private GreeterServer server;

  @BeforeEach
  void start() throws IOException {
    server = new GreeterServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private LoadTest run(String name, String... flags) throws InterruptedException {
    List<String> args = new ArrayList<>(List.of("--insecure", "-c1", server.host()));
    args.addAll(List.of("--proto", GreeterServer.proto().toString()));
    args.addAll(List.of("--call=greet.Greeter/Hello", "-d{\"name\":\"" + name + "\"}"));
    args.addAll(Arrays.asList(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  @Test
  void aThresholdThatIsMetIsZero() throws Exception {
    LoadTest ran = run("slow", "-n20", "--slo=count>=20", "--slo=dropped<1");
    assertThat(ran.out()).contains("\u2713 count>=20\t20", "\u2713 dropped<1\t0");
    assertThat(ran.code()).isZero();
  }

  @Test
  void aThresholdThatIsNotMetIs99() throws Exception {
    Path junit = folder.resolve("junit.xml");
    LoadTest ran = run("hang", "-n20", "-t50ms", "--slo=errors<10%", "--junit=" + junit);
    assertThat(ran.out()).contains("\u2717 errors<10%\t100.0000 %");
    assertThat(ran.code()).isEqualTo(99);
    assertThat(junit).content().contains("failures=\"1\"", "errors&lt;10%");
  }

  @Test
  void whatCannotBeToldIs98() throws Exception {
    LoadTest ran = run("slow", "-n20", "--slo=p(99)<100s");
    assertThat(ran.out()).contains("? p(99)<100s", "more needed");
    assertThat(ran.code()).isEqualTo(98);
  }

  @Test
  void callsThatTheEndOfTheRunCutsOffAreNoErrorsOfTheServer() throws Exception {
    LoadTest ran = run("hang", "-z200ms", "-t0", "--slo=errors<50%", "-Ojson");
    assertThat(ran.json().path("statusCodeDistribution").toString()).isEqualTo("{\"Canceled\":1}");
    assertThat(ran.json().path("sluice").path("cutOff").asInt()).isEqualTo(1);
    assertThat(ran.json().path("sluice").path("verdicts").get(0).path("reason").asText())
        .isEqualTo("no call to judge by");
    assertThat(ran.code()).isEqualTo(98);
  }

  @Test
  void aRunThatHasFailedIsNotContinued() throws Exception {
    LoadTest ran =
        run("hang", "-n100000", "-t20ms", "--slo=errors<1%", "--abort-on-fail=1s", "-Ojson");
    assertThat(ran.code()).isEqualTo(99);
    assertThat(ran.json().path("endReason").asText()).isEqualTo("cancel");
    assertThat(ran.json().path("count").asInt()).isLessThan(100_000);
  }

  @Test
  void aBaselineIsCompared() throws Exception {
    Path baseline = folder.resolve("baseline.json");
    Files.writeString(baseline, "{\"average\":1,\"rps\":1,\"latencyDistribution\":[]}");
    LoadTest ran = run("slow", "-n20", "--baseline=" + baseline, "--max-regress=average=10%");
    assertThat(ran.out()).contains("\u2717 average=10%");
    assertThat(ran.code()).isEqualTo(99);
    Files.writeString(baseline, "{\"average\":1e15,\"rps\":1e-9,\"latencyDistribution\":[]}");
    assertThat(run("slow", "-n20", "--baseline=" + baseline, "--max-regress=average=10%").code())
        .isZero();
  }

  @Test
  void logsOfSeveralGeneratorsAreMerged() throws Exception {
    Path one = folder.resolve("one.hlog");
    Path two = folder.resolve("two.hlog");
    Path hgrm = folder.resolve("run.hgrm");
    assertThat(run("slow", "-n20", "--hlog=" + one, "--hgrm=" + hgrm).code()).isZero();
    assertThat(run("slow", "-n15", "--hlog=" + two).code()).isZero();
    assertThat(hgrm).content().contains("Percentile", "Total count    =           20");
    LoadTest merged = LoadTest.run("merge", "-Ojson", one.toString(), two.toString());
    assertThat(merged.err()).isEmpty();
    assertThat(merged.json().path("count").asInt()).isEqualTo(35);
    LoadTest judged = LoadTest.run("merge", one.toString(), "--slo=count>1000");
    assertThat(judged.code()).isEqualTo(99);
    assertThat(judged.out()).contains("\u2717 count>1000\t20");
  }

  @Test
  void logsThatCannotBeMergedAreNamed() throws Exception {
    Path none = folder.resolve("none.hlog");
    assertThat(LoadTest.run("merge", none.toString()).err()).startsWith("sluice: " + none);
    assertThat(LoadTest.run("merge", none.toString()).code()).isEqualTo(1);
    assertThat(LoadTest.run("merge").code()).isEqualTo(2);
    assertThat(LoadTest.run("merge", "--slo=x<1", none.toString()).code()).isEqualTo(2);
    assertThat(LoadTest.run("merge", "-Oxml", none.toString()).code()).isEqualTo(2);
  }

  @Test
  void aDebugLogHasALineOfJsonForEachInterval() throws Exception {
    Path debug = folder.resolve("debug.log");
    assertThat(run("slow", "-n5", "--debug=" + debug).code()).isZero();
    assertThat(debug).content().contains("\"msg\":\"run began\"", "\"count\":5,");
  }

  @Test
  void theReportGoesWhereItIsWanted() throws Exception {
    Path report = folder.resolve("report.html");
    LoadTest ran = run("slow", "-n3", "-o" + report, "-Ohtml");
    assertThat(ran.out()).isEmpty();
    assertThat(report).content().contains("<html");
  }
}
