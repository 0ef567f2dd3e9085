// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import static dev.sluice.loadtest.run.PlanSample.plan;
import static dev.sluice.loadtest.run.VirtualWorld.MILLI;
import static dev.sluice.loadtest.run.VirtualWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When calls are due, of every schedule, as the command line asks for it. */
final class ArrivalsTest {
  private static Arrivals arrivals(String... flags) {
    return plan(flags).arrivals().orElseThrow().get();
  }

  private static List<Long> first(int count, Arrivals arrivals) {
    List<Long> due = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      due.add(arrivals.next());
    }
    return due;
  }

  /** How many are due in each second, the last nanosecond of it included. */
  private static int[] perSecond(int seconds, Arrivals arrivals) {
    int[] counts = new int[seconds];
    for (long due = arrivals.next(); due <= seconds * SECOND; due = arrivals.next()) {
      counts[(int) Math.max(0, (due - 1) / SECOND)]++;
    }
    return counts;
  }

  @Test
  void aConstantRateIsEvenAndDoesNotDrift() {
    assertThat(first(3, arrivals("-r", "100"))).containsExactly(10 * MILLI, 20 * MILLI, 30 * MILLI);
    Arrivals thirds = arrivals("-r", "3");
    long last = 0;
    for (int i = 0; i < 3 * 86_400; i++) {
      last = thirds.next();
    }
    assertThat(last).isEqualTo(86_400 * SECOND);
  }

  @Test
  void stepsGoUpToTheEndAndStayThere() {
    Arrivals up =
        arrivals(
            "--load-schedule=step",
            "--load-start=10",
            "--load-end=40",
            "--load-step=10",
            "--load-step-duration=2s");
    assertThat(perSecond(10, up)).containsExactly(10, 10, 20, 20, 30, 30, 40, 40, 40, 40);
  }

  @Test
  void stepsGoDownToo() {
    Arrivals down =
        arrivals(
            "--load-schedule=step",
            "--load-start=30",
            "--load-end=10",
            "--load-step=-15",
            "--load-step-duration=1s");
    assertThat(perSecond(4, down)).containsExactly(30, 15, 10, 10);
  }

  @Test
  void aLineIsAStaircaseOfSeconds() {
    Arrivals line =
        arrivals("--load-schedule=line", "--load-start=5", "--load-end=9", "--load-step=2");
    assertThat(perSecond(4, line)).containsExactly(5, 7, 9, 9);
  }

  @Test
  void theLongestTimeOfChangeWinsAndWithoutAnEndTheRateStaysWhereItWas() {
    String[] line = {"--load-schedule=line", "--load-start=5", "--load-step=2"};
    List<String> open = new ArrayList<>(Arrays.asList(line));
    open.add("--load-max-duration=3s");
    assertThat(perSecond(5, arrivals(open.toArray(String[]::new))))
        .containsExactly(5, 7, 9, 11, 11);
    open.add("--load-end=50");
    assertThat(perSecond(5, arrivals(open.toArray(String[]::new))))
        .containsExactly(5, 7, 9, 50, 50);
  }

  @Test
  void aRateThatFallsToNothingEndsTheCalls() {
    Arrivals down = arrivals("--load-schedule=line", "--load-start=2", "--load-step=-1");
    assertThat(first(4, down))
        .containsExactly(SECOND / 2, SECOND, 2 * SECOND, Arrivals.NEVER)
        .isNotEmpty();
    assertThat(down.next()).isEqualTo(Arrivals.NEVER);
  }

  @Test
  void theFirstRateHoldsThroughTheWarmUp() {
    Arrivals line =
        arrivals(
            "--load-schedule=line",
            "--load-start=5",
            "--load-end=9",
            "--load-step=2",
            "--warmup=2s");
    assertThat(perSecond(6, line)).containsExactly(5, 5, 5, 7, 9, 9);
  }

  @Test
  void poissonArrivalsAreIndependentOfEachOtherAndRepeatable() {
    List<Long> due = first(20_000, arrivals("-r", "1000", "--arrival=poisson", "--seed=7"));
    assertThat(first(20_000, arrivals("-r", "1000", "--arrival=poisson", "--seed=7")))
        .isEqualTo(due);
    assertThat(first(10, arrivals("-r", "1000", "--arrival=poisson", "--seed=8")))
        .isNotEqualTo(due.subList(0, 10));
    double[] gaps =
        IntStream.range(1, due.size()).mapToDouble(i -> due.get(i) - due.get(i - 1)).toArray();
    double mean = Arrays.stream(gaps).average().orElseThrow();
    double variance = Arrays.stream(gaps).map(gap -> (gap - mean) * (gap - mean)).sum();
    // Of an exponential distribution both are 1 ms; so is what lies above it, a share of 1/e.
    assertThat(mean).isCloseTo(MILLI, within(0.03 * MILLI));
    assertThat(Math.sqrt(variance / gaps.length)).isCloseTo(MILLI, within(0.03 * MILLI));
    assertThat(Arrays.stream(gaps).filter(gap -> gap > MILLI).count() / 20_000.0)
        .isCloseTo(Math.exp(-1), within(0.02));
  }

  @Test
  void poissonArrivalsFollowASchedule() {
    int[] counts =
        perSecond(
            2,
            arrivals(
                "--arrival=poisson",
                "--load-schedule=line",
                "--load-start=1000",
                "--load-end=9000",
                "--load-step=8000"));
    assertThat(counts[0]).isBetween(850, 1_150);
    assertThat(counts[1]).isBetween(8_600, 9_400);
  }

  @Test
  void loopsShareTheArrivalsAndMissNone() {
    List<Long> all = first(12, arrivals("-r", "50", "--arrival=poisson"));
    List<Long> shared = new ArrayList<>();
    for (int loop = 0; loop < 3; loop++) {
      shared.addAll(first(4, arrivals("-r", "50", "--arrival=poisson").every(3, loop)));
    }
    assertThat(shared).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void aRecordingIsPlayedAsItIs(@TempDir Path folder) throws IOException {
    Path trace = folder.resolve("trace");
    Files.writeString(trace, "# ms, tokens\n0\n\n0.5,17\n3 x\n3\n");
    Arrivals recorded = arrivals("--arrival=file:" + trace);
    assertThat(first(5, recorded))
        .containsExactly(0L, MILLI / 2, 3 * MILLI, 3 * MILLI, Arrivals.NEVER);
  }

  @Test
  void aRecordingThatCannotBeIsRefused(@TempDir Path folder) throws IOException {
    Path trace = folder.resolve("trace");
    refused("cannot be read", trace);
    Files.writeString(trace, "# nothing\n");
    refused("has no arrivals", trace);
    for (String line : List.of("2\n1", "-1", "NaN", "soon", "1e30")) {
      Files.writeString(trace, "1\n" + line + "\n");
      refused("wants ascending milliseconds from 0", trace);
    }
  }

  private static void refused(String problem, Path trace) {
    assertThatThrownBy(() -> plan("--arrival=file:" + trace))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("arrival: " + trace)
        .hasMessageContaining(problem);
  }
}
