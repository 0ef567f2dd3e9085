// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.ModelMeter;
import dev.sluice.server.telemetry.Outcome;
import dev.sluice.server.telemetry.StageTimes;
import dev.sluice.server.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Verdicts worked out by hand, on a clock that the test moves. */
final class SloBookTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Of a window of a minute. */
  private static final long SLOT = SECOND;

  private static final double EXACT = 1e-12;
  private static final ModelLabels LABELS = new ModelLabels("m", "1", "fp32");

  private final AtomicLong clock = new AtomicLong(-5 * SECOND);
  private final Telemetry telemetry = new Telemetry(() -> 0);

  private static Objective.Availability availability(String percent, long least) {
    return new Objective.Availability("up", Target.parse(percent).orElseThrow(), MINUTE, least);
  }

  private static Objective.Latency latency(String percent, long least) {
    return new Objective.Latency(
        "slow", Target.parse(percent).orElseThrow(), Duration.ofMillis(50), MINUTE, least);
  }

  private SloBook book(Objective... objectives) {
    return book(Map.of("m", List.of(objectives)));
  }

  private SloBook book(Map<String, List<Objective>> objectives) {
    return new SloBook(new Objectives(objectives), telemetry, clock::get);
  }

  private static void answer(ModelMeter meter, int times, long totalNanos) {
    for (int i = 0; i < times; i++) {
      meter.answered(new StageTimes(0, 0, 0, 0, 0, totalNanos));
    }
  }

  private static void fail(ModelMeter meter, int times, Outcome outcome) {
    for (int i = 0; i < times; i++) {
      meter.failed(outcome, MILLI);
    }
  }

  /** Lets the time pass that a report is kept for, which is far less than a slot. */
  private SloReport report(SloBook book) {
    clock.addAndGet(250 * MILLI);
    return book.report();
  }

  private SloReport.Status only(SloBook book) {
    SloReport report = report(book);
    assertThat(report.models()).hasSize(1);
    assertThat(report.models().get(0).statuses()).hasSize(1);
    return report.models().get(0).statuses().get(0);
  }

  @Test
  void theVariantsOfAModelKeepItsPromiseTogether() {
    SloBook book = book(availability("50", 4));
    try (var own = telemetry.register(LABELS);
        var int8 = telemetry.register(new ModelLabels("m", "1", "int8"))) {
      answer(own.meter(), 2, MILLI);
      fail(int8.meter(), 1, Outcome.INTERNAL);
      assertThat(only(book).verdict()).isEqualTo(Verdict.NO_DATA);
      fail(int8.meter(), 1, Outcome.INTERNAL);
      assertThat(only(book).verdict()).isEqualTo(Verdict.PASS);
      fail(int8.meter(), 1, Outcome.INTERNAL);
      assertThat(only(book).verdict()).isEqualTo(Verdict.BREACH);
    }
  }

  @Test
  void anAvailabilityThatUsesItsBudgetUpToTheLastPassesAndOneMoreFailureBreaches() {
    SloBook book = book(availability("99", 100));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 198, MILLI);
      fail(registered.meter(), 2, Outcome.INTERNAL);
      SloReport.Status spent = only(book);
      assertThat(spent.verdict()).isEqualTo(Verdict.PASS);
      assertThat(spent.total()).isEqualTo(200);
      assertThat(spent.good()).isEqualTo(198);
      assertThat(spent.measured()).hasValue(99.0);
      assertThat(spent.burnRate()).isCloseTo(1, within(EXACT));
      assertThat(spent.budgetLeft()).isCloseTo(0, within(EXACT));

      fail(registered.meter(), 1, Outcome.INTERNAL);
      SloReport.Status over = only(book);
      assertThat(over.verdict()).isEqualTo(Verdict.BREACH);
      assertThat(over.total()).isEqualTo(201);
      // 3 of 201 are bad where 1 in 100 may be.
      assertThat(over.burnRate()).isCloseTo(100 * 3 / 201.0, within(EXACT));
      assertThat(over.budgetLeft()).isCloseTo(1 - 100 * 3 / 201.0, within(EXACT));
    }
  }

  @Test
  void targetsOfFourDecimalsAreJudgedToTheLastRequest() {
    SloBook book = book(availability("99.9999", 1));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 999_999, MILLI);
      fail(registered.meter(), 1, Outcome.INTERNAL);
      assertThat(only(book).verdict()).isEqualTo(Verdict.PASS);
      fail(registered.meter(), 1, Outcome.INTERNAL);
      assertThat(only(book).verdict()).isEqualTo(Verdict.BREACH);
    }
  }

  @Test
  void onlyWhatIsTheServersFaultCountsAgainstAvailability() {
    SloBook book = book(availability("50", 1));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 4, MILLI);
      for (Outcome outcome : Outcome.values()) {
        fail(registered.meter(), 1, outcome);
      }
      SloReport.Status status = only(book);
      // Overloaded, deadline passed, unavailable, internal; not invalid, cancelled and the like.
      assertThat(status.total()).isEqualTo(4 + 4);
      assertThat(status.good()).isEqualTo(4);
    }
  }

  @Test
  void aRequestAtTheBoundIsGoodAndOneBeyondTheResolutionIsNot() {
    SloBook book = book(latency("90", 10));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 9, 50 * MILLI);
      answer(registered.meter(), 1, 51 * MILLI);
      SloReport.Status status = only(book);
      assertThat(status.good()).isEqualTo(9);
      assertThat(status.total()).isEqualTo(10);
      assertThat(status.verdict()).isEqualTo(Verdict.PASS);
      assertThat(status.measured().orElseThrow())
          .isCloseTo(50 * MILLI, within(0.008 * 50 * MILLI))
          .isLessThanOrEqualTo(50 * MILLI);

      answer(registered.meter(), 1, 51 * MILLI);
      SloReport.Status breached = only(book);
      assertThat(breached.verdict()).isEqualTo(Verdict.BREACH);
      assertThat(breached.measured().orElseThrow()).isGreaterThan(50 * MILLI);
      // 2 of 11 are late where 1 in 10 may be.
      assertThat(breached.burnRate()).isCloseTo(20 / 11.0, within(EXACT));
    }
  }

  @Test
  void failuresAreNoLateAnswersAndLateAnswersNoFailures() {
    SloBook book = book(latency("90", 1), availability("90", 1));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 1, SECOND);
      fail(registered.meter(), 3, Outcome.OVERLOADED);
      List<SloReport.Status> statuses = report(book).models().get(0).statuses();
      assertThat(statuses.get(0).total()).isEqualTo(1);
      assertThat(statuses.get(0).good()).isZero();
      assertThat(statuses.get(1).total()).isEqualTo(4);
      assertThat(statuses.get(1).good()).isEqualTo(1);
    }
  }

  @Test
  void tooFewRequestsAreNoPassButManyBadOnesAreABreachAllTheSame() {
    SloBook book = book(availability("99", 100));
    SloReport.Status none = only(book);
    assertThat(none.verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(none.reason()).isEqualTo("no requests in the window, it takes 100");
    assertThat(none.measured()).isEmpty();
    assertThat(none.burnRate()).isZero();
    assertThat(none.budgetLeft()).isEqualTo(1);
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 98, MILLI);
      fail(registered.meter(), 1, Outcome.INTERNAL);
      SloReport.Status few = only(book);
      assertThat(few.verdict()).isEqualTo(Verdict.NO_DATA);
      assertThat(few.reason()).isEqualTo("99 requests in the window, it takes 100");

      answer(registered.meter(), 1, MILLI);
      assertThat(only(book).verdict()).isEqualTo(Verdict.PASS);
      assertThat(only(book).reason()).isEmpty();
    }
    SloBook other = book(availability("99", 100));
    try (var registered = telemetry.register(LABELS)) {
      fail(registered.meter(), 2, Outcome.INTERNAL);
      // Were the other 98 good, still 2 of 100 would be bad.
      assertThat(only(other).verdict()).isEqualTo(Verdict.BREACH);
    }
  }

  @Test
  void aRequestCountsForItsWholeWindowAndNoLonger() {
    SloBook book = book(availability("50", 1));
    try (var registered = telemetry.register(LABELS)) {
      fail(registered.meter(), 1, Outcome.INTERNAL);
      book.tick();
      clock.addAndGet(60 * SLOT - 500 * MILLI);
      assertThat(only(book).total()).isEqualTo(1);
      assertThat(only(book).total()).isZero();
      assertThat(only(book).verdict()).isEqualTo(Verdict.NO_DATA);
    }
  }

  @Test
  void theShortBurnRateIsOfTheLastTwelfth() {
    SloBook book = book(availability("90", 1));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 10, MILLI);
      book.tick();
      clock.addAndGet(5 * SLOT);
      book.tick();
      answer(registered.meter(), 1, MILLI);
      fail(registered.meter(), 1, Outcome.INTERNAL);
      book.tick();
      SloReport.Status status = only(book);
      assertThat(status.burnRate()).isCloseTo(10 / 12.0, within(EXACT));
      assertThat(status.burnRateShort()).isCloseTo(10 / 2.0, within(EXACT));
      clock.addAndGet(5 * SLOT);
      SloReport.Status later = only(book);
      assertThat(later.burnRate()).isCloseTo(10 / 12.0, within(EXACT));
      assertThat(later.burnRateShort()).isZero();
    }
  }

  @Test
  void aBreachIsOverWhenItsWindowIs() {
    SloBook book = book(latency("50", 1));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 3, SECOND);
      assertThat(only(book).verdict()).isEqualTo(Verdict.BREACH);
      clock.addAndGet(30 * SLOT);
      book.tick();
      answer(registered.meter(), 2, MILLI);
      assertThat(only(book).verdict()).isEqualTo(Verdict.BREACH);
      clock.addAndGet(30 * SLOT);
      SloReport.Status recovered = only(book);
      assertThat(recovered.verdict()).isEqualTo(Verdict.PASS);
      assertThat(recovered.total()).isEqualTo(2);
    }
  }

  @Test
  void aClockThatGoesBackStandsAndOneThatLeapsEmptiesTheWindows() {
    SloBook book = book(availability("50", 1));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 1, MILLI);
      assertThat(only(book).total()).isEqualTo(1);
      clock.addAndGet(-1000 * SECOND);
      answer(registered.meter(), 1, MILLI);
      book.tick();
      clock.addAndGet(1001 * SECOND);
      assertThat(only(book).total()).isEqualTo(2);
      clock.addAndGet(Duration.ofDays(20_000).toNanos());
      assertThat(only(book).total()).isZero();
      answer(registered.meter(), 3, MILLI);
      assertThat(only(book).total()).isEqualTo(3);
    }
  }

  @Test
  void aReloadAndANewVersionGoOnInTheSameWindow() {
    SloBook book = book(availability("50", 1));
    Telemetry.Registration first = telemetry.register(LABELS);
    answer(first.meter(), 1, MILLI);
    assertThat(only(book).total()).isEqualTo(1);
    Telemetry.Registration reloaded = telemetry.register(LABELS);
    answer(first.meter(), 1, MILLI);
    first.close();
    answer(reloaded.meter(), 1, MILLI);
    assertThat(only(book).total()).isEqualTo(3);
    try (var next = telemetry.register(new ModelLabels("m", "2", "int8"))) {
      answer(next.meter(), 1, MILLI);
      fail(reloaded.meter(), 1, Outcome.INTERNAL);
      reloaded.close();
      assertThat(only(book).total()).isEqualTo(5);
    }
  }

  @Test
  void whatAModelCountedLastIsKeptAndAModelThatComesBackIsNotCountedTwice() {
    SloBook book = book(availability("50", 1));
    try (var registered = telemetry.register(LABELS)) {
      answer(registered.meter(), 7, MILLI);
      assertThat(report(book).models().get(0).loaded()).isTrue();
      answer(registered.meter(), 1, MILLI);
    }
    assertThat(only(book).total()).isEqualTo(8);
    assertThat(report(book).models().get(0).loaded()).isFalse();
    try (var again = telemetry.register(LABELS)) {
      answer(again.meter(), 2, MILLI);
      assertThat(only(book).total()).isEqualTo(10);
      assertThat(report(book).models().get(0).loaded()).isTrue();
    }
  }

  @Test
  void aModelsOwnObjectivesTakeThePlaceOfThoseForAll() {
    SloBook book =
        book(
            Map.of(
                Objectives.EVERY,
                List.of(availability("50", 1), latency("50", 1)),
                "own",
                List.of(availability("99", 1)),
                "none",
                List.of()));
    try (var m = telemetry.register(LABELS);
        var own = telemetry.register(new ModelLabels("own", "1", "v"));
        var none = telemetry.register(new ModelLabels("none", "1", "v"))) {
      answer(none.meter(), 1, MILLI);
      answer(m.meter(), 1, MILLI);
      answer(own.meter(), 1, MILLI);
      SloReport report = report(book);
      assertThat(report.models()).extracting(SloReport.Model::name).containsExactly("m", "own");
      assertThat(report.models().get(0).statuses()).hasSize(2);
      assertThat(report.models().get(1).statuses()).hasSize(1);
      assertThat(report.verdict()).isEqualTo(Verdict.PASS);
      assertThat(report.of("own").models()).hasSize(1);
      assertThat(report.of("none").models()).isEmpty();
      assertThat(report.of("none").verdict()).isEqualTo(Verdict.NO_DATA);
    }
  }

  @Test
  void theWorstVerdictIsTheWholeOne() {
    SloBook book =
        book(Map.of("a", List.of(availability("50", 1)), "b", List.of(availability("50", 1))));
    try (var a = telemetry.register(new ModelLabels("a", "1", "v"));
        var b = telemetry.register(new ModelLabels("b", "1", "v"))) {
      answer(a.meter(), 1, MILLI);
      assertThat(report(book).verdict()).isEqualTo(Verdict.NO_DATA);
      answer(b.meter(), 1, MILLI);
      assertThat(report(book).verdict()).isEqualTo(Verdict.PASS);
      fail(b.meter(), 2, Outcome.UNAVAILABLE);
      assertThat(report(book).verdict()).isEqualTo(Verdict.BREACH);
    }
  }

  @Test
  void modelsByTheThousandThatComeAndGoAreForgottenWithTheirWindows() {
    SloBook book =
        book(
            Map.of(
                Objectives.EVERY,
                List.of(availability("50", 1)),
                "named",
                List.of(latency("50", 1))));
    for (int i = 0; i < 1000; i++) {
      try (var registered = telemetry.register(new ModelLabels("m" + i, "1", "v"))) {
        book.tick();
        answer(registered.meter(), 1, MILLI);
      }
    }
    assertThat(report(book).models()).hasSize(1001);
    clock.addAndGet(60 * SLOT);
    SloReport after = report(book);
    assertThat(after.models()).extracting(SloReport.Model::name).containsExactly("named");
  }

  @Test
  void askingALotMakesOneReportInAQuarterOfASecond() {
    SloBook book = book(availability("50", 1));
    SloReport first = report(book);
    clock.addAndGet(250 * MILLI - 1);
    assertThat(book.report()).isSameAs(first);
    clock.addAndGet(1);
    assertThat(book.report()).isNotSameAs(first);
  }

  @Test
  void theWindowsAreFedAsOftenAsTheShortestNeedsAndAtLeastEveryFiveSeconds() {
    assertThat(book(Map.of()).tickInterval()).isEmpty();
    assertThat(book(availability("50", 1)).tickInterval()).hasValue(Duration.ofSeconds(1));
    assertThat(
            book(new Objective.Availability("up", new Target(500_000), Duration.ofDays(30), 1))
                .tickInterval())
        .hasValue(Duration.ofSeconds(5));
  }

  @Test
  void nothingIsLostWhileManyThreadsRecordAndTheReaderReads() throws Exception {
    SloBook book = book(latency("50", 1), availability("50", 1));
    try (var registered = telemetry.register(LABELS)) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        writers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int j = 0; j < 5_000; j++) {
                        answer(registered.meter(), 1, (1 + j % 90) * MILLI);
                      }
                    }));
      }
      while (writers.stream().anyMatch(Thread::isAlive)) {
        clock.addAndGet(MILLI / 10);
        book.tick();
        telemetry.turn();
      }
      for (Thread writer : writers) {
        writer.join();
      }
      List<SloReport.Status> statuses = report(book).models().get(0).statuses();
      assertThat(statuses.get(0).total()).isEqualTo(20_000);
      // 50 of 90 lengths are at the bound or under it; 5000 is 55 rounds and 50 more.
      assertThat(statuses.get(0).good()).isEqualTo(4 * (55 * 50 + 50));
      assertThat(statuses.get(1).good()).isEqualTo(20_000);
    }
  }
}
